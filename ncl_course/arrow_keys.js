// A notebook takes a pressed key for a shortcut of its own unless the focused element has this attribute. A focused
// control of ours has it only for the keys that move the control, so that Shift-Enter and Ctrl-S stay the notebook's.
const UNTOUCHED = "data-lm-suppress-shortcuts";
const CONTROLS = ".ncl-arrow-keys :is([role=slider], input, select)";
const MOVES = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End"];

function initialize() {
  const before = event => {
    const moves = MOVES.includes(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.target.matches?.(CONTROLS)) event.target.toggleAttribute(UNTOUCHED, moves);
  };
  window.addEventListener("keydown", before, true); // Notebook 7 listens on the document, which comes after the window
  return () => window.removeEventListener("keydown", before, true);
}

export default { initialize };
