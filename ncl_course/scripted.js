// The beginning of every script that draws a widget.

// anywidget drops all messages to a widget whose script has not started within two seconds, and all later ones too.
// Where a slow page has let this happen, the widget hears the kernel itself, and asks for what it has missed.
async function hearAnyway(model) {
  const whole = await model.widget_manager.get_model(model.get("address"));
  const nothing = { content: { data: { method: "" } } };
  whole._handle_comm_msg(nothing).catch(() => {
    const { _handle_comm_msg: handle } = Object.getPrototypeOf(whole.constructor.prototype);
    whole.comm.on_msg(message => handle.call(whole, message));
    whole.comm.send({ method: "request_state" }, whole.callbacks());
  });
}

function drawnBy(render) {
  const initialize = ({ model }) => { hearAnyway(model).catch(console.warn); };
  return { initialize, render };
}

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") node.className = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter(child => child !== null));
  return node;
}

