// A slider: its words, the browser's own control, and the words of its value.

function render({ model, el }) {
  const stops = model.get("_options_labels"), key = stops ? "index" : "value";
  const upright = model.get("orientation") === "vertical", input = make("input", { type: "range" });
  const words = make("span"), output = make("b", { "aria-hidden": "true" }); // the control itself says its value

  const digits = step => (String(step).split(".")[1] || "").length;
  function said(value) {
    if (stops) return stops[value];
    const most = { maximumFractionDigits: digits(model.get("step")), useGrouping: false };
    return new Intl.NumberFormat(model.get("lang"), most).format(value).replace("-", "\u2212");
  }
  function follow() {
    const steps = stops ? [0, stops.length - 1, 1] : [model.get("min"), model.get("max"), model.get("step")];
    [input.min, input.max, input.step] = steps;
    input.value = model.get(key);
    tell();
  }
  function tell() {
    output.textContent = said(Number(input.value));
    input.setAttribute("aria-label", model.get("description"));
    input.setAttribute("aria-valuetext", output.textContent);
    input.disabled = model.get("disabled");
    words.textContent = model.get("description");
  }
  input.addEventListener("input", () => {
    tell();
    model.set(key, Number(input.value));
    model.save_changes();
  });
  const heard = [key, "min", "max", "step", "description", "disabled"].map(name => `change:${name}`);
  heard.forEach(name => model.on(name, follow));
  const look = upright ? "ncl-stop ncl-upright" : "ncl-stop", readout = model.get("readout") === false ? null : output;
  el.append(make("label", { class: look }, words, input, readout));
  follow();
  return () => heard.forEach(name => model.off(name, follow));
}

export default hearing({ render });
