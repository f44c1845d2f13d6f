// A sheet to draw on with the mouse, a pen, a finger or the keys; the kernel answers each change with the guesses.

function render({ model, el }) {
  const { words, classes, lang, side } = model.get("setup"), scale = 10, size = side * scale;
  const percent = share => new Intl.NumberFormat(lang, { style: "percent" }).format(share);
  const sheet = make("canvas", { width: size, height: size, tabindex: 0, role: "img", "aria-label": words.sheet });
  const pen = sheet.getContext("2d", { willReadFrequently: true });
  const small = make("canvas", { width: side, height: side }), reader = small.getContext("2d", { willReadFrequently: true });
  let at = [size / 2, size / 2], down = false, pressed = false, due = 0, answered = true;

  const width = make("input", { type: "range", min: 1, max: 6, step: 0.5, "aria-label": words.width });
  width.value = 2.5;
  const white = make("input", { type: "radio", name: `ink-${model.get("own_id")}`, checked: true });
  const black = make("input", { type: "radio", name: white.name });
  const clear = () => { pen.fillStyle = "#000"; pen.fillRect(0, 0, size, size); };
  const empty = make("button", { onclick: () => { clear(); ask(); } }, words.empty);
  const example = make("button", { onclick: () => model.send({ kind: "example" }) }, words.example);

  function stroke(from, to) {
    pen.strokeStyle = white.checked ? "#fff" : "#000";
    pen.lineWidth = width.value * scale;
    pen.lineCap = pen.lineJoin = "round";
    pen.beginPath();
    pen.moveTo(...from);
    pen.lineTo(to[0] + 0.01, to[1]);
    pen.stroke();
    ask();
  }
  // One question at a time: the next one waits for the answer, so that a slow network falls behind by one stroke only.
  function ask() {
    if (due) return;
    due = setTimeout(() => {
      due = 0;
      if (!answered) return ask();
      reader.imageSmoothingQuality = "high";
      reader.drawImage(sheet, 0, 0, side, side);
      const colours = reader.getImageData(0, 0, side, side).data, grey = new Uint8Array(side * side);
      for (let n = 0; n < grey.length; n++) grey[n] = colours[4 * n];
      answered = false;
      model.send({ kind: "read" }, undefined, [grey.buffer]);
    }, 40);
  }
  function place(event) {
    const box = sheet.getBoundingClientRect();
    return [(event.clientX - box.left) * size / box.width, (event.clientY - box.top) * size / box.height];
  }
  sheet.addEventListener("pointerdown", event => {
    sheet.setPointerCapture(event.pointerId);
    down = true;
    at = place(event);
    stroke(at, at);
  });
  sheet.addEventListener("pointermove", event => {
    if (!down) return;
    const next = place(event);
    stroke(at, next);
    at = next;
  });
  for (const name of ["pointerup", "pointercancel"]) sheet.addEventListener(name, () => { down = false; });
  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  sheet.addEventListener("keydown", event => {
    if (event.key === " ") { pressed = !pressed; event.preventDefault(); event.stopPropagation(); if (pressed) stroke(at, at); }
    const way = ways[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const next = at.map((value, axis) => Math.min(Math.max(value + scale * way[axis], 0), size));
    if (pressed) stroke(at, next);
    at = next;
  });

  const bars = classes.map(name => {
    const bar = make("i", { style: "width: 0" }), share = make("span", { class: "ncl-share" });
    return { row: make("li", {}, make("span", { class: "ncl-name" }, name), make("span", { class: "ncl-track" }, bar), share), bar, share };
  });
  const said = make("p", { role: "status" }, words.draw);
  function answer({ probabilities, trouble }) {
    answered = true;
    const best = probabilities ? probabilities.indexOf(Math.max(...probabilities)) : -1;
    bars.forEach(({ row, bar, share }, n) => {
      const value = probabilities ? probabilities[n] : 0;
      bar.style.width = `${100 * value}%`;
      share.textContent = probabilities ? percent(value) : "";
      row.classList.toggle("ncl-best", n === best);
    });
    said.textContent = trouble || words.answer.replace("{name}", classes[best]).replace("{share}", percent(probabilities[best]));
  }
  function hear(message, buffers) {
    if (message.kind === "answer") answer(message);
    if (message.kind === "example") {
      const view = buffers[0], grey = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
      const pixels = reader.createImageData(side, side);
      grey.forEach((value, n) => pixels.data.set([value, value, value, 255], 4 * n));
      reader.putImageData(pixels, 0, 0);
      pen.imageSmoothingEnabled = false;
      pen.drawImage(small, 0, 0, size, size);
      ask();
    }
  }
  model.on("msg:custom", hear);
  clear();
  el.append(make("section", { class: "ncl-drawing", "aria-label": words.title },
    make("div", {}, sheet, make("div", { class: "ncl-tools" },
      make("label", {}, white, words.white), make("label", {}, black, words.black),
      make("label", {}, words.width, width), empty, example)),
    make("div", { class: "ncl-answers" }, said, make("ul", {}, ...bars.map(one => one.row)))));
  return () => model.off("msg:custom", hear);
}

export default hearing({ render });
