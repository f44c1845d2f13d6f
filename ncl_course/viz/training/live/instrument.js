// The instrument's page: it draws the frames that the kernel sends, and sends the reader's clicks back.
// Everything is HTML and canvas in the page's own colours; no picture is computed in the kernel while a network trains.

const KEPT = 80;
const POWERS = [...Array(10).keys()].map(k => 2 ** k);
const DECAYS = [0, 1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1];
const RIGHT = "#009E73", WRONG = "#D55E00", LOSS = "#0072B2", TRAIN = "#CC79A7", VALIDATION = "#E69F00";

function render({ model, el }) {
  const setup = model.get("setup"), words = setup.words;
  const number = (value, digits = 4) =>
    new Intl.NumberFormat(setup.lang, { maximumSignificantDigits: digits, useGrouping: false }).format(value);
  const percent = share => `${Math.round(100 * share)}${setup.lang === "ru" ? "\u00a0%" : "%"}`;
  const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const tell = (kind, more = {}) => model.send({ kind, ...more });
  const tones = setup.tones;

  let frames = [], shown = null, following = true, state = "ready", image = 0;

  // ---- the bar above: what runs, and how to stop it ----------------------------------------------------------------
  const go = make("button", { class: "ncl-main", onclick: () => tell(state === "running" ? "stop" : "go") });
  const reset = make("button", { title: words.reset_hint, onclick: () => tell("reset") }, words.reset);
  const keep = make("button", { title: words.keep_hint, onclick: () => tell("keep") }, words.keep);
  const load = make("button", { title: words.load_hint, disabled: true, onclick: () => tell("load") }, words.load);
  const speed = make("select", { "aria-label": words.speed, onchange: () => tell("speed", { value: speed.value }) },
    ...["full", "slow", "slower"].map(name => make("option", { value: name }, words[`speed_${name}`])));
  const line = make("p", { class: "ncl-line", role: "status" });
  const bar = make("div", { class: "ncl-bar" }, go, reset, keep, load, speed);

  // ---- sliders -----------------------------------------------------------------------------------------------------
  function slider(name, values, start, show) {
    const nearest = value => values.reduce(
      (best, one, at) => Math.abs(one - value) < Math.abs(values[best] - value) ? at : best, 0);
    const output = make("output");
    const input = make("input", { type: "range", min: 0, max: values.length - 1, step: 1, "aria-label": words[name] });
    const say = () => {
      output.value = show(values[input.value]);
      input.setAttribute("aria-valuetext", output.value);
    };
    let moved = false;
    input.value = nearest(start);
    input.addEventListener("input", () => { moved = true; say(); tell("set", { name, value: values[input.value] }); });
    say();
    return {
      node: make("label", { class: "ncl-slider" }, make("span", {}, words[name]), input, output),
      follow: value => { if (!moved) { input.value = nearest(value); say(); } }, // the kernel's greeting may come late
    };
  }
  const rates = [...Array(46).keys()].map(k => 10 ** (-3.5 + k / 10));
  const sliders = {
    lr: slider("lr", rates, setup.settings.lr, value => number(value, 2)),
    momentum: slider("momentum", [...Array(100).keys()].map(k => k / 100), setup.settings.momentum, value => number(value)),
    batch: slider("batch", POWERS, setup.settings.batch, value => number(value)),
    decay: slider("decay", DECAYS, setup.settings.decay, value => number(value)),
  };
  const knobs = make("div", { class: "ncl-knobs" }, ...Object.values(sliders).map(one => one.node));

  // ---- the template ------------------------------------------------------------------------------------------------
  const field = (name, node) => make("label", {}, make("span", {}, words[name]), node);
  const numbers = value => value.split(/[\s,;]+/).filter(Boolean).map(one => Number.isNaN(Number(one)) ? one : Number(one));
  const filters = make("input", { type: "text", size: 8 }), hidden = make("input", { type: "text", size: 6 });
  const convs = make("input", { type: "number", min: 1, max: 4 });
  const pool = make("input", { type: "checkbox" }), norm = make("input", { type: "checkbox" });
  const kept = make("input", { type: "number", min: 0.1, max: 1, step: 0.1 });
  const anew = make("button", { onclick: () => tell("build", { config: {
    filters: numbers(filters.value), hidden: numbers(hidden.value), convs: Number(convs.value), pool: pool.checked,
    batch_norm: norm.checked, keep_prob: Number(kept.value) } }) }, words.build);
  const template = make("details", { class: "ncl-template" }, make("summary", {}, words.template),
    make("div", {}, field("filters", filters), field("hidden", hidden), field("convs", convs), field("keep_prob", kept),
      field("pool", pool), field("batch_norm", norm), anew));
  function showTemplate(config) {
    filters.value = config.filters.join(", ");
    hidden.value = config.hidden.join(", ");
    convs.value = config.convs;
    pool.checked = config.pool;
    norm.checked = config.batch_norm;
    kept.value = config.keep_prob;
  }
  showTemplate(setup.config);

  // ---- curves ------------------------------------------------------------------------------------------------------
  const losses = make("canvas", { role: "img" }), rightness = make("canvas", { role: "img" });
  const key = (colour, name) => make("span", { class: "ncl-key" }, make("i", { style: `background:${colour}` }), name);
  const curves = make("div", { class: "ncl-curves" },
    make("div", {}, make("p", { class: "ncl-keys" }, key(LOSS, words.loss)), losses),
    make("div", {}, make("p", { class: "ncl-keys" }, key(TRAIN, words.train), key(VALIDATION, words.validation)), rightness));

  function plot(canvas, lines, steps, top, mark) {
    const ratio = window.devicePixelRatio || 1, width = canvas.clientWidth || 260, height = canvas.clientHeight || 84;
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    const pen = canvas.getContext("2d"), ink = getComputedStyle(canvas).color;
    pen.scale(ratio, ratio);
    pen.font = "11px sans-serif";
    const tall = top === 1 ? percent(1) : number(top, 2);
    const left = Math.max(34, pen.measureText(tall).width + 6);
    const bottom = height - 15, across = width - left - 8, high = bottom - 8;
    const x = step => left + across * step / Math.max(steps, 1), y = value => bottom - high * Math.min(value / top, 1);
    pen.strokeStyle = pen.fillStyle = ink;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(left, 4);
    pen.lineTo(left, bottom);
    pen.lineTo(width - 4, bottom);
    pen.stroke();
    pen.textAlign = "right";
    pen.fillText(tall, left - 3, y(top) + 8);
    pen.fillText("0", left - 3, bottom);
    pen.fillText(fill(words.steps, { steps: number(steps, 6) }), width - 4, height - 3);
    for (const [n, [colour, places, values]] of lines.entries()) {
      pen.strokeStyle = colour;
      pen.lineWidth = n < lines.length - 1 ? 5 : 2; // a line below another one can be seen beside it
      pen.beginPath();
      values.forEach((value, at) => pen.lineTo(x(places[at]), y(value)));
      pen.stroke();
      if (values.length === 1) pen.fillRect(x(places[0]) - 2, y(values[0]) - 2, 4, 4);
    }
    if (mark !== null) {
      pen.strokeStyle = ink;
      pen.setLineDash([3, 3]);
      pen.beginPath();
      pen.moveTo(x(mark), 4);
      pen.lineTo(x(mark), bottom);
      pen.stroke();
    }
  }

  function drawCurves() {
    const newest = frames.at(-1);
    if (!newest) return;
    const { curve, step: steps } = newest.content, mark = following ? null : shown.content.step;
    const highest = Math.max(...curve.losses, 0.5);
    plot(losses, [[LOSS, curve.steps, curve.losses]], steps, Math.min(highest, Math.max(3, 1.3 * (curve.losses.at(-1) ?? 0))), mark);
    plot(rightness, [[TRAIN, curve.measured, curve.train], [VALIDATION, curve.measured, curve.validation]], steps, 1, mark);
    losses.setAttribute("aria-label", `${words.loss}: ${newest.content.loss || "—"}`);
    rightness.setAttribute("aria-label", accuraciesOf(newest.content));
  }

  // ---- maps --------------------------------------------------------------------------------------------------------
  function draw(canvas, bytes, strip) {
    const [count, height, width] = strip.shape, gap = count > 1 ? Math.max(1, width >> 3) : 0;
    canvas.width = count * (width + gap) - gap;
    canvas.height = height;
    const pen = canvas.getContext("2d"), pixels = pen.createImageData(canvas.width, height);
    for (let n = 0, at = strip.at; n < count; n++)
      for (let row = 0; row < height; row++)
        for (let column = 0; column < width; column++, at++) {
          const to = 4 * (row * canvas.width + n * (width + gap) + column), tone = 3 * bytes[at];
          pixels.data.set([tones[tone], tones[tone + 1], tones[tone + 2], 255], to);
        }
    pen.putImageData(pixels, 0, 0);
    canvas.style.aspectRatio = `${canvas.width} / ${canvas.height}`;
    canvas.classList.toggle("ncl-flat", height < 3);
  }
  const kinds = ["act", "grad", "weight", "slope"];
  const table = make("table", { class: "ncl-layers" });
  function cell(bytes, strip, name, absent) {
    if (!strip) return make("td", { class: "ncl-none" }, absent);
    const canvas = make("canvas", { role: "img", "aria-label": name });
    draw(canvas, bytes, strip);
    const range = `${strip.span[0]}\u00a0… ${strip.span[1]}${strip.all ? "" : words.not_finite}`;
    const text = strip.span[0] === "?" ? words.none_finite : range;
    return make("td", {}, canvas, make("small", {}, text));
  }
  function drawLayers({ content, bytes }) {
    const head = make("tr", {}, ...["layer", ...kinds].map(name => make("th", { scope: "col" }, words[name])));
    const rows = content.layers.map(layer => make("tr", {},
      make("th", { scope: "row" }, layer.name, make("small", {},
        layer.params ? fill(words.params, { count: number(layer.params, 9) }) : words.no_params, make("br"),
        fill(words.times, layer))),
      ...kinds.map(kind => cell(bytes, layer[kind], `${layer.name}: ${words[kind]}`,
        kind === "act" ? words.not_reached : kind === "grad" ? words.no_grad : layer.params ? words.no_slope : words.nothing))));
    const left = content.layersInAll - content.layers.length;
    const rest = left ? [make("tr", {}, make("td", { colspan: 5 }, fill(words.more, { count: left })))] : [];
    table.replaceChildren(make("thead", {}, head), make("tbody", {}, ...rows, ...rest));
  }

  // ---- images and guesses ------------------------------------------------------------------------------------------
  const tally = make("p", { class: "ncl-tally" }), grid = make("div", { class: "ncl-grid" });
  const tiles = setup.images.labels.map((label, n) => {
    const picture = make("canvas", {});
    const bars = make("span", { class: "ncl-bars" });
    const tile = make("button", { onclick: () => { tell("image", { value: n }); } }, picture, bars);
    grid.append(tile);
    return { tile, picture, bars, label };
  });
  function drawImages() {
    const view = model.get("pixels"), { height, width, maps } = setup.images;
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    tiles.forEach(({ picture }, n) => {
      picture.width = width;
      picture.height = height;
      picture.style.width = picture.style.height = width > 16 ? "28px" : "32px"; // the names beside it need the room
      const pen = picture.getContext("2d"), pixels = pen.createImageData(width, height), size = width * height;
      for (let at = 0; at < size; at++)
        for (let colour = 0; colour < 4; colour++)
          pixels.data[4 * at + colour] = colour === 3 ? 255 : bytes[(n * maps + (maps === 3 ? colour : 0)) * size + at];
      pen.putImageData(pixels, 0, 0);
    });
  }
  function drawGuesses(content) {
    let right = 0;
    tiles.forEach(({ tile, bars, label }, n) => {
      const best = content.guesses[n] || [];
      right += best.length && best[0][0] === label;
      bars.replaceChildren(...best.map(([which, share]) => make("span", {},
        make("i", { style: `width:${100 * share}%;background:${which === label ? RIGHT : WRONG}` }),
        make("b", {}, `${which === label ? "✓\u2009" : ""}${setup.classes[which]}`))));
      const said = best.map(([which, share]) => `${setup.classes[which]} ${percent(share)}`).join(", ");
      tile.setAttribute("aria-label", `${fill(words.tile, { name: setup.classes[label] })}: ${said || words.no_guess}`);
      tile.setAttribute("aria-pressed", n === content.image);
    });
    tally.textContent = content.guesses.length ? fill(words.tally, { right, count: tiles.length }) : content.trouble || words.no_guess;
  }

  // ---- steps to look back at -----------------------------------------------------------------------------------------
  const past = make("input", { type: "range", min: 0, max: 0, step: 1, "aria-label": words.past });
  const pastStep = make("output");
  const newest = make("button", { onclick: () => { following = true; show(frames.at(-1)); } }, words.newest);
  past.addEventListener("input", () => {
    following = Number(past.value) === frames.length - 1;
    show(frames[past.value]);
  });
  const scrub = make("div", { class: "ncl-past" }, make("label", {}, make("span", {}, words.past), past, pastStep), newest);

  function accuraciesOf(content) {
    const { measured, train, validation } = content.curve;
    return measured.length ? fill(words.accuracies, { train: percent(train.at(-1)), validation: percent(validation.at(-1)),
      step: measured.at(-1) }) : words.no_accuracy;
  }
  function sentence(content) {
    const told = [fill(words.step, { step: number(content.step, 9) })];
    if (content.loss) told.push(`${words.loss} ${content.loss}`);
    told.push(accuraciesOf(content), fill(words.decay_loss, { loss: content.decayLoss }));
    told.push(fill(words.examples, { count: number(content.examples, 9) }));
    if (content.msExample) told.push(fill(words.ms, { ms: content.msExample }));
    return told.join(" · ");
  }
  const facts = make("p", { class: "ncl-facts" }), trouble = make("p", { class: "ncl-trouble", role: "alert" });

  function show(frame) {
    if (!frame) return;
    shown = frame;
    stay();
    pastStep.value = number(frame.content.step, 9);
    past.setAttribute("aria-valuetext", pastStep.value);
    newest.disabled = following;
    facts.textContent = sentence(frame.content);
    drawLayers(frame);
    drawGuesses(frame.content);
    root.dataset.step = frame.content.step;
  }

  function add(frame) {
    const step = frame.content.step;
    frames = frames.filter(one => one.content.step < step);
    frames.push(frame);
    if (frames.length > KEPT)
      frames = frames.filter((one, n) => n % 2 || n === frames.length - 1 || (one.content.step & (one.content.step - 1)) === 0);
    if (following || !frames.includes(shown)) { following = true; show(frame); }
    else stay();
  }

  // A page that greets late gets frames that it has seen: these must not end a look back, nor drop later ones.
  function recall(frame) {
    const step = frame.content.step;
    if (frames.some(one => one.content.step === step)) return;
    frames = [...frames, frame].sort((one, other) => one.content.step - other.content.step);
    if (following) show(frames.at(-1)); else stay();
  }
  function stay() {
    past.max = frames.length - 1;
    past.value = frames.indexOf(shown);
    drawCurves();
  }

  // ---- messages ------------------------------------------------------------------------------------------------------
  function turn(message) {
    state = message.state;
    root.dataset.state = state;
    go.textContent = state === "running" ? words.stop : words.go;
    line.textContent = message.line;
    trouble.textContent = message.trouble || "";
    load.disabled = !message.kept;
    keep.disabled = state === "failed";
    if (message.settings) for (const [name, one] of Object.entries(sliders)) one.follow(message.settings[name]);
    if (message.config) showTemplate(message.config);
    if (message.speed) speed.value = message.speed;
  }
  function hear(message, buffers) {
    if (message.kind === "state") turn(message);
    if (message.kind === "clear") { frames = []; following = true; }
    if (message.kind === "frame" || message.kind === "again") {
      const view = buffers[0], bytes = new Uint8Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
      (message.kind === "frame" ? add : recall)({ content: message.content, bytes });
    }
  }
  model.on("msg:custom", hear);

  const side = make("div", { class: "ncl-side" }, knobs, template, curves);
  const main = make("div", { class: "ncl-maps" }, table);
  const root = make("section", { class: "ncl-live", "aria-label": words.title }, bar, line, trouble, facts, scrub,
    make("div", { class: "ncl-columns" }, side, main), tally, grid);
  el.append(root);
  drawImages();
  const resized = new ResizeObserver(drawCurves);
  resized.observe(root);
  tell("hello");
  return () => { resized.disconnect(); model.off("msg:custom", hear); };
}

export default hearing({ render });
