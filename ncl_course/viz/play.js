// A button that moves a value on, step by step, until its end or until it is pressed again.

function render({ model, el }) {
  const tooltip = model.get("tooltip"), button = make("button", { class: "ncl-play", "aria-label": tooltip, title: tooltip });
  let timer = 0;
  function show() {
    button.textContent = timer ? "\u275a\u275a" : "\u25b6";
    button.setAttribute("aria-pressed", Boolean(timer));
  }
  function stop() {
    clearInterval(timer);
    timer = 0;
    show();
  }
  function go(value) {
    model.set("value", value);
    model.save_changes();
  }
  function next() {
    const value = model.get("value") + model.get("step");
    if (value > model.get("max")) stop(); else go(value);
  }
  button.addEventListener("click", () => {
    if (timer) return stop();
    if (model.get("value") >= model.get("max")) go(model.get("min"));
    timer = setInterval(next, model.get("interval"));
    show();
  });
  el.append(button);
  show();
  return () => clearInterval(timer);
}

export default hearing({ render });
