// A notebook takes a pressed key for a shortcut of its own unless the focused element has this attribute. A focused
// control of ours has it only for the keys that the control obeys, so that Shift-Enter and Ctrl-S stay the notebook's.
const UNTOUCHED = "data-lm-suppress-shortcuts";
const CONTROLS = ".ncl-keys :is([role=slider], input, select, canvas, button, summary)";
const MOVES = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End"];
const PRESSES = ["Enter", " "];

function obeyed(control, { key, ctrlKey, metaKey, altKey, shiftKey }) {
  if (ctrlKey || metaKey || altKey) return false;
  const written = key.length === 1 && control.matches("select, :read-write"); // a letter chooses an option of a list
  return written || MOVES.includes(key) || (PRESSES.includes(key) && !shiftKey);
}

function initialize() {
  const before = event => {
    if (event.target.matches?.(CONTROLS)) event.target.toggleAttribute(UNTOUCHED, obeyed(event.target, event));
  };
  window.addEventListener("keydown", before, true); // Notebook 7 listens on the document, which comes after the window
  return () => window.removeEventListener("keydown", before, true);
}

export default { initialize };
