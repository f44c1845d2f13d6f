// anywidget gives a page two seconds to start a widget's code. If the page needs longer, the widget is shown, but anywidget
// drops all messages of the kernel, and nothing moves. `hearing` lets such a widget listen to the kernel without anywidget,
// and asks for its state once, since a change may have been lost.
async function listen(proxy) {
  const model = await proxy.widget_manager.get_model(proxy.get("own_id"));
  const nothing = { content: { data: { method: "none" } } };
  try {
    await model._handle_comm_msg(nothing);
  } catch {
    const { _handle_comm_msg: hear } = Object.getPrototypeOf(Object.getPrototypeOf(model)); // of the class below anywidget's
    model.comm.on_msg(message => hear.call(model, message));
    model.comm.send({ method: "request_state" }, {});
  }
}

function hearing({ render }) {
  async function patient(view) {
    await listen(view.model).catch(error => console.debug(error)); // where no kernel runs, there is nothing to hear
    return view.signal?.aborted ? undefined : render(view);
  }
  return { render: patient };
}

// An element with attributes, listeners (`onclick` and so on) and children; a null child is left out.
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

