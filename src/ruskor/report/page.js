"use strict";
(() => {
  // ---------------------------------------------------------------- data and small helpers
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const D = read("data"), WORDS = read("words"), LAND = read("land");
  const E = D.events, A = D.articles, N = D.names;
  const STATUSES = ["occurred", "ongoing", "planned", "possible", "denied", "called_off"];
  const TYPES = ["summit", "visit", "meeting", "call", "delegation", "negotiation", "invitation", "agreement", "statement", "weapons_test",
    "sanctions", "vote_veto", "arms_transfer", "military_deployment", "military_attack", "economic_exchange", "aid", "arrest_warrant",
    "historic", "other"];
  const CONTACTS = new Set(["summit", "visit", "meeting", "call", "delegation", "negotiation", "agreement"]);
  const NS = "http://www.w3.org/2000/svg";
  const DAY = 86400000;
  const $ = (id) => document.getElementById(id);
  const root = document.documentElement;
  let lang = D.lang;

  function put(node, attributes, children) {
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name === "text") node.textContent = value;
      else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else node.setAttribute(name, value === true ? "" : value);
    }
    for (const child of children) if (child !== null && child !== undefined) node.append(child);
    return node;
  }
  const h = (tag, attributes, ...children) => put(document.createElement(tag), attributes, children);
  const s = (tag, attributes, ...children) => put(document.createElementNS(NS, tag), attributes, children);
  const mark = (status) => s("svg", { class: `mark st-${status}`, viewBox: "-8 -8 16 16", "aria-hidden": "true", focusable: "false" }, s("use", { href: `#s-${status}`, x: -8, y: -8, width: 16, height: 16 }));
  // A name, title or passage brings its own direction and cannot move its neighbours.
  const bdi = (text, attributes) => h("bdi", { ...attributes, text });

  function w(key, values) {
    let found = WORDS[lang];
    for (const part of key.split(".")) found = found === undefined ? undefined : found[part];
    if (found === undefined) return key.split(".").pop();
    if (!values || typeof found !== "string") return found;
    return found.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
  }
  const number = (n) => n.toLocaleString("en");
  function count(what, n) {
    const forms = WORDS[lang].count[what];
    const tail = n % 100;
    const form = n === 1 ? "one" : n === 2 ? "two" : tail >= 3 && tail <= 10 ? "few" : "many";
    return forms[form].replace("{n}", number(n));
  }
  const rtl = () => w("direction") === "rtl";
  const name = (k) => (lang === "ar" && N[k][1]) || N[k][0];
  const title = (e) => (lang === "ar" ? e.a || e.e : e.e || e.a) || e.id;
  const comma = (list) => list.join(w("comma"));
  // A sentence that quotes the other script keeps its own direction, also where it begins with the quotation.
  const direction = (text) => ((text.match(/[\u0600-\u06ff]/g) || []).length > (text.match(/[A-Za-z]/g) || []).length ? "rtl" : "ltr");
  // A sentence with each of its «quotations» isolated: one that begins with a number would else come apart.
  const inLanguage = (text) => (Array.isArray(text) ? text[lang === "ar" ? 1 : 0] : text);
  const sentence = (tag, text) => h(tag, { dir: direction(text) }, ...text.split(/(«[^»]*»)/).filter(Boolean).map((part) => (part[0] === "«" ? h("span", {}, "«", bdi(part.slice(1, -1)), "»") : part)));
  // The width of a text in a drawing.
  const ruler = document.createElement("canvas").getContext("2d");
  const measure = (text, size) => { ruler.font = `${size}px ${getComputedStyle(root).getPropertyValue("--sans")}`; return ruler.measureText(text).width; };
  function joined(parts) {
    const out = [];
    parts.forEach((part, k) => { if (k) out.push(w("comma")); out.push(part); });
    return out;
  }

  // ---------------------------------------------------------------- dates
  const time = (iso) => Date.UTC(+iso.slice(0, 4), +iso.slice(5, 7) - 1, +iso.slice(8, 10));
  const lastDay = (y, m) => new Date(Date.UTC(y, m, 0)).getUTCDate();
  // An interval in words, as short as its precision allows.
  function days(d, short) {
    if (!d) return w("page.undated");
    const months = w(short ? "months_short" : "months"), dash = w("page.to");
    const cut = (iso) => [+iso.slice(0, 4), +iso.slice(5, 7), +iso.slice(8, 10)];
    const [y1, m1, d1] = cut(d[0]);
    const one = (y, m, day) => `${day} ${months[m - 1]} ${y}`;
    if (!d[1]) return `${one(y1, m1, d1)} ${dash} …`;
    const [y2, m2, d2] = cut(d[1]);
    if (d[0] === d[1]) return one(y1, m1, d1);
    const fromFirst = d1 === 1, toLast = d2 === lastDay(y2, m2);
    if (d[2] !== "day" && d[2] !== "week" && fromFirst && toLast) {
      if (m1 === 1 && m2 === 12) return y1 === y2 ? `${y1}` : `${y1}${dash}${y2}`;
      if (y1 === y2 && m1 === m2) return `${months[m1 - 1]} ${y1}`;
      if (y1 === y2) return `${months[m1 - 1]}${dash}${months[m2 - 1]} ${y1}`;
      return `${months[m1 - 1]} ${y1} ${dash} ${months[m2 - 1]} ${y2}`;
    }
    if (y1 === y2 && m1 === m2) return `${d1}${dash}${d2} ${months[m1 - 1]} ${y1}`;
    if (y1 === y2) return `${d1} ${months[m1 - 1]} ${dash} ${one(y2, m2, d2)}`;
    return `${one(y1, m1, d1)} ${dash} ${one(y2, m2, d2)}`;
  }
  const exact = (d) => d[2] === "day";

  // What is computed once for each event.
  const byId = new Map();
  const fold = (text) => text.toLowerCase().replace(/[\u064b-\u065f\u0640\u0670\u200b-\u200f]/g, "").replace(/[أإآٱ]/g, "ا").replace(/ى/g, "ي").replace(/ة/g, "ه");
  E.forEach((e, k) => {
    byId.set(e.id, k);
    e.k0 = k;
    e.from = e.d ? time(e.d[0]) : null;
    e.to = e.d ? (e.d[1] ? time(e.d[1]) + DAY : null) : null;
    e.who = new Set(e.p.map((p) => p[0]));
    e.day = e.d ? [e.d[0], e.d[1] || "9999"] : null;
  });
  let dataEnd = -Infinity, dataStart = Infinity;
  for (const e of E) if (e.d) { dataStart = Math.min(dataStart, e.from); dataEnd = Math.max(dataEnd, e.to || e.from + DAY); }
  function haystack(e) {
    if (e.hay === undefined) {
      const names = [...e.p, ...e.q].map((p) => p[0]).concat(e.l).map((k) => `${N[k][0]} ${N[k][1] || ""}`);
      e.hay = fold([e.id, e.e, e.a, w("type." + e.t), e.t, passageOf(e) || "", ...names].join(" "));
    }
    return e.hay;
  }
  function passageOf(e) {
    if (!e.b) return null;
    const x = A[e.b[0]].x[e.b[1]];
    return points(x).slice(e.b[2], e.b[3]).join("");
  }
  // Spans count code points; a string in here counts UTF-16 units.
  function points(x) { return x.points || (x.points = Array.from(x[0])); }

  // ---------------------------------------------------------------- filters
  const state = { q: "", type: "", person: "", place: "", from: "", until: "", core: false, disputed: false, statuses: new Set() };
  let shown = E.slice();
  const bound = (text, last) => {
    const m = /^\s*(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?\s*$/.exec(text);
    if (!m) return null;
    const month = m[2] ? m[2].padStart(2, "0") : last ? "12" : "01";
    const day = m[3] ? m[3].padStart(2, "0") : last ? String(lastDay(+m[1], +month)) : "01";
    return `${m[1]}-${month}-${day}`;
  };
  function passes(e, ignoreStatus) {
    if (!ignoreStatus && state.statuses.size && !state.statuses.has(e.s)) return false;
    if (state.type && e.t !== state.type) return false;
    if (state.person !== "" && !e.who.has(+state.person)) return false;
    if (state.pair && !e.who.has(state.pair)) return false;
    if (state.place !== "" && !e.l.includes(+state.place)) return false;
    if (state.core && !e.c) return false;
    if (state.disputed && !e.x) return false;
    if (state.low && (!e.day || e.day[1] < state.low)) return false;
    if (state.high && (!e.day || e.day[0] > state.high)) return false;
    return !state.words.length || state.words.every((word) => haystack(e).includes(word));
  }
  function tally(keys) {
    const out = new Map();
    for (const key of keys) out.set(key, (out.get(key) || 0) + 1);
    return [...out].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  }
  const peopleTally = tally(E.flatMap((e) => [...e.who]));
  const placeTally = tally(E.flatMap((e) => [...new Set(e.l)]));
  const typeTally = new Map(tally(E.map((e) => e.t)));

  function drawFilters() {
    const form = $("filters");
    const field = (key, control, extra) => h("label", { class: `field ${extra || ""}` }, h("span", { text: w("filter." + key) }), control);
    const choose = (key, options) => {
      const node = h("select", { id: `f-${key}`, onchange: () => { state[key] = node.value; if (key === "person") state.pair = null; apply(); } },
        h("option", { value: "", text: w("filter.all") }), ...options.map(([value, text]) => h("option", { value, text })));
      node.value = state[key];
      return node;
    };
    const write = (key, attributes) => {
      const node = h("input", { id: `f-${key}`, type: "text", dir: "auto", ...attributes });
      node.value = state[key];
      let waiting = 0;
      node.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(() => { state[key] = node.value; apply(); }, 120); });
      return node;
    };
    const tick = (key) => {
      const node = h("input", { id: `f-${key}`, type: "checkbox", onchange: () => { state[key] = node.checked; apply(); } });
      node.checked = state[key];
      return h("label", { class: "tick" }, node, h("span", { text: w("filter." + key) }));
    };
    const wide = matchMedia("(min-width: 56rem)").matches;
    const chips = h("div", { class: "chips", role: "group", "aria-label": w("filter.status"), id: "chips" });
    const details = h("details", { class: "more-filters", open: wide || !!(state.type || state.person || state.place || state.from || state.until) },
      h("summary", { text: w("filter.more") }),
      h("div", { class: "fields" },
        field("type", choose("type", TYPES.filter((t) => typeTally.has(t)).concat([...typeTally.keys()].filter((t) => !TYPES.includes(t))).map((t) => [t, `${w("type." + t)} (${number(typeTally.get(t))})`]))),
        field("person", choose("person", peopleTally.slice(0, 400).map(([k, n]) => [k, `${name(k)} (${number(n)})`]))),
        field("place", choose("place", placeTally.slice(0, 400).map(([k, n]) => [k, `${name(k)} (${number(n)})`]))),
        field("from", write("from", { placeholder: "2019-04", inputmode: "numeric", maxlength: 10 }), "short"),
        field("until", write("until", { placeholder: "2025", inputmode: "numeric", maxlength: 10 }), "short")),
      h("div", { class: "ticks" }, tick("core"), tick("disputed")));
    form.replaceChildren(
      h("div", { class: "search" }, field("search", write("q", { type: "search", placeholder: w("filter.search_hint") })), chips),
      details,
      h("div", { class: "count" }, h("p", { id: "shown", role: "status" }), h("button", { type: "button", id: "reset", text: w("filter.reset"), onclick: reset })));
  }
  function drawChips() {
    const counts = new Map();
    for (const e of E) if (passes(e, true)) counts.set(e.s, (counts.get(e.s) || 0) + 1);
    const present = new Set(E.map((e) => e.s));
    const focus = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.status : null;
    $("chips").replaceChildren(...STATUSES.filter((st) => present.has(st)).map((st) => h("button", {
      type: "button", class: "chip", "data-status": st, "aria-pressed": String(state.statuses.has(st)), title: w("status_means." + st),
      onclick: () => { if (!state.statuses.delete(st)) state.statuses.add(st); apply(); },
    }, mark(st), h("span", { text: w("status." + st) }), h("span", { class: "n", text: number(counts.get(st) || 0) }))));
    if (focus) { const again = $("chips").querySelector(`[data-status=${focus}]`); if (again) again.focus(); }
  }
  function reset() {
    Object.assign(state, { q: "", type: "", person: "", place: "", from: "", until: "", core: false, disputed: false, pair: null });
    state.statuses.clear();
    drawFilters();
    apply();
  }
  function filterBy(key, value) {
    state.pair = null;
    state[key] = state[key] === String(value) ? "" : String(value);
    drawFilters();
    apply();
  }
  function apply() {
    state.words = fold(state.q).split(/\s+/).filter(Boolean);
    state.low = bound(state.from, false);
    state.high = bound(state.until, true);
    for (const key of ["from", "until"]) $("f-" + key).setAttribute("aria-invalid", String(!!state[key].trim() && !bound(state[key], false)));
    shown = E.filter((e) => passes(e, false));
    const active = state.q || state.type || state.person || state.place || state.from || state.until || state.core || state.disputed || state.statuses.size || state.pair;
    $("reset").hidden = !active;
    $("shown").textContent = w("filter.shown", { shown: number(shown.length), all: count("event", E.length) });
    drawChips();
    drawTable();
    drawTimeline();
    drawMap();
    drawNetwork();
    drawDisagreements();
  }

  // ---------------------------------------------------------------- tip under the pointer
  const tip = $("tip");
  function showTip(target, lines) {
    tip.replaceChildren(...lines.filter(Boolean).map((line, k) => h(k ? "span" : "b", { dir: "auto" }, line)));
    tip.hidden = false;
    const box = target.getBoundingClientRect(), own = tip.getBoundingClientRect();
    const left = Math.max(8, Math.min(innerWidth - own.width - 8, box.left + box.width / 2 - own.width / 2));
    const top = box.top - own.height - 8 > 0 ? box.top - own.height - 8 : box.bottom + 8;
    tip.style.left = `${left}px`;
    tip.style.top = `${top}px`;
  }
  const hideTip = () => { tip.hidden = true; };
  function tipped(node, lines) {
    node.addEventListener("pointerenter", () => showTip(node, lines()));
    node.addEventListener("pointerleave", hideTip);
    node.addEventListener("focus", () => { if (node.matches(":focus-visible")) showTip(node, lines()); });
    node.addEventListener("blur", hideTip);
  }
  addEventListener("scroll", hideTip, { passive: true });

  // Marks of a drawing: one is in the tab order, arrow keys go to its neighbours.
  function roving(svg, nodes, activate) {
    nodes.forEach((node, k) => {
      node.setAttribute("tabindex", k ? "-1" : "0");
      node.addEventListener("keydown", (event) => {
        const step = { ArrowRight: rtl() ? -1 : 1, ArrowLeft: rtl() ? 1 : -1, ArrowDown: 1, ArrowUp: -1, Home: -nodes.length, End: nodes.length }[event.key];
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); activate(k); return; }
        if (!step) return;
        event.preventDefault();
        const next = Math.max(0, Math.min(nodes.length - 1, k + step));
        node.setAttribute("tabindex", "-1");
        nodes[next].setAttribute("tabindex", "0");
        nodes[next].focus();
      });
    });
  }
  // Dragging, pinching and Ctrl with the wheel, for timeline and map alike. `moved` is true after a drag, so that its end is no click.
  function gestures(svg, { pan, zoom }) {
    const pointers = new Map();
    let far = 0;
    const inside = (event) => { const box = svg.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
    svg.addEventListener("pointerdown", (event) => { if (event.button) return; if (!pointers.size) far = 0; pointers.set(event.pointerId, inside(event)); });
    svg.addEventListener("pointermove", (event) => {
      const before = pointers.get(event.pointerId);
      if (!before) return;
      const now = inside(event);
      if (pointers.size === 1) {
        far += Math.hypot(now[0] - before[0], now[1] - before[1]);
        if (far > 4) {
          if (!svg.hasPointerCapture(event.pointerId)) svg.setPointerCapture(event.pointerId);
          hideTip();
          pan(now[0] - before[0], now[1] - before[1]);
        }
      } else {
        const other = [...pointers].find(([id]) => id !== event.pointerId)[1];
        const was = Math.hypot(before[0] - other[0], before[1] - other[1]), is = Math.hypot(now[0] - other[0], now[1] - other[1]);
        far = 99;
        if (was > 10 && is > 10) zoom(is / was, (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
      }
      pointers.set(event.pointerId, now);
    });
    const end = (event) => { pointers.delete(event.pointerId); };
    svg.addEventListener("pointerup", end);
    svg.addEventListener("pointercancel", end);
    svg.addEventListener("click", (event) => { if (far > 4) { event.stopPropagation(); far = 0; } }, true);
    svg.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const [x, y] = inside(event);
      zoom(Math.exp(-event.deltaY / 240), x, y);
    }, { passive: false });
  }
  const iconButton = (icon, words, onclick) => h("button", { type: "button", class: "icon", "aria-label": words, title: words, onclick },
    s("svg", { viewBox: "0 0 16 16", "aria-hidden": "true", focusable: "false" }, s("path", { d: icon })));
  const ICONS = { plus: "M8 3v10M3 8h10", minus: "M3 8h10", left: "M10 3 5 8l5 5", right: "M6 3l5 5-5 5", fit: "M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3", close: "M4 4l8 8M12 4l-8 8" };
  let pending = new Set();
  // Redraws once a frame at most.
  function soon(draw) {
    if (pending.has(draw)) return;
    if (!pending.size) requestAnimationFrame(() => { const all = pending; pending = new Set(); for (const one of all) one(); });
    pending.add(draw);
  }

  // ---------------------------------------------------------------- timeline
  const timeline = { low: 0, high: 1, lanes: [], svg: null };
  function wholeTime() {
    if (!isFinite(dataStart)) return [Date.UTC(2000, 0, 1), Date.UTC(2001, 0, 1)];
    const pad = Math.max((dataEnd - dataStart) * 0.025, 10 * DAY);
    return [dataStart - pad, dataEnd + pad];
  }
  // A few events of long ago would press all others together: the first view then leaves them to the overview.
  function usualTime() {
    const [low, high] = wholeTime();
    const starts = E.filter((e) => e.d).map((e) => e.from).sort((a, b) => a - b);
    const early = starts[Math.floor(starts.length * 0.12)];
    if (starts.length < 20 || high - early > (high - low) * 0.4) return [low, high];
    const pad = (high - early) * 0.04;
    return [early - pad, high];
  }
  function moveTime(low, high) {
    const [least, most] = wholeTime();
    const span = Math.max(20 * DAY, Math.min(high - low, most - least));
    let from = low + (high - low) / 2 - span / 2;
    from = Math.max(least, Math.min(from, most - span));
    timeline.low = from;
    timeline.high = from + span;
    soon(drawTimeline);
  }
  function zoomTime(factor, at) {
    const span = timeline.high - timeline.low, t = at === undefined ? timeline.low + span / 2 : at;
    moveTime(t - (t - timeline.low) / factor, t + (timeline.high - t) / factor);
  }
  function ticks(low, high, room) {
    const out = [], span = high - low, months = w("months_short");
    const steps = [[1, "d"], [7, "d"], [1, "m"], [3, "m"], [6, "m"], [12, "m"], [24, "m"], [60, "m"], [120, "m"], [240, "m"]];
    const length = ([n, unit]) => n * (unit === "d" ? DAY : 30.44 * DAY);
    const step = steps.find((one) => span / length(one) <= room) || steps[steps.length - 1];
    if (step[1] === "d") {
      for (let t = Math.ceil(low / DAY) * DAY; t <= high; t += DAY) {
        const d = new Date(t);
        if (step[0] === 1 ? true : [1, 8, 15, 22].includes(d.getUTCDate())) out.push([t, `${d.getUTCDate()} ${months[d.getUTCMonth()]}`, d.getUTCDate() === 1]);
      }
      return out;
    }
    const first = new Date(low);
    let k = Math.floor((first.getUTCFullYear() * 12 + first.getUTCMonth()) / step[0]) * step[0];
    for (; ; k += step[0]) {
      const y = Math.floor(k / 12), m = k % 12, t = Date.UTC(y, m, 1);
      if (t > high) return out;
      if (t >= low) out.push([t, m ? months[m] : String(y), m === 0 && step[0] < 12]);
    }
  }
  function drawTimeline() {
    const box = $("timeline-chart"), width = box.clientWidth || 800, narrow = width < 620;
    const gutter = narrow ? 8 : 128, inner = width - gutter - 8;
    const flip = rtl();
    const span = timeline.high - timeline.low;
    const X = (t) => { const x = ((t - timeline.low) / span) * inner; return flip ? 8 + inner - x : gutter + x; };
    const T = (x) => timeline.low + ((flip ? 8 + inner - x : x - gutter) / inner) * span;
    const dated = shown.filter((e) => e.d);
    const inView = dated.filter((e) => e.from <= timeline.high && (e.to || dataEnd) >= timeline.low);
    const cap = inView.length > 1500 ? 3 : 6, rowHeight = 17, size = 14;
    const lanes = TYPES.concat([...typeTally.keys()].filter((t) => !TYPES.includes(t))).map((type) => [type, inView.filter((e) => e.t === type)]).filter(([, list]) => list.length);
    const drawn = [], grid = s("g", { class: "grid" }), back = s("g"), front = s("g"), labels = s("g", { class: "lanes" });
    let y = 8;
    for (const [type, list] of lanes) {
      const top = y + (narrow ? 18 : 4), ends = [], crowd = new Map();
      let depth = 0;
      for (const e of list.sort((a, b) => a.from - b.from || a.k0 - b.k0)) {
        const from = Math.max(e.from, timeline.low - span), to = Math.min(e.to || dataEnd + span, timeline.high + span);
        const a = Math.min(X(from), X(to)), b = Math.max(X(from), X(to));
        const middle = exact(e.d) || !e.to ? X(Math.min(Math.max(e.from + DAY / 2, timeline.low), timeline.high)) : (a + b) / 2;
        const left = Math.min(a, middle - size / 2) - 2, right = Math.max(b, middle + size / 2) + 2;
        const edge = flip ? -right : left, far = flip ? -left : right;
        let row = ends.findIndex((end) => end <= edge);
        if (row < 0 && ends.length < cap) row = ends.length;
        if (row < 0) {
          const bin = Math.floor((flip ? width - middle : middle) / 30);
          if (!crowd.has(bin)) crowd.set(bin, []);
          crowd.get(bin).push(e);
          continue;
        }
        ends[row] = far;
        depth = Math.max(depth, row + 1);
        const cy = top + row * rowHeight + rowHeight / 2;
        if (b - a > 5 || !e.to) {
          const open = !e.to, kind = open ? "open" : exact(e.d) ? "sure" : "unsure";
          back.append(s("rect", { class: `bar ${kind}`, x: a, y: cy - (kind === "unsure" ? 5 : 2.5), width: Math.max(b - a, 4), height: kind === "unsure" ? 10 : 5, rx: kind === "unsure" ? 5 : 2.5 }));
        }
        const node = s("g", { class: `event st-${e.s}`, role: "button", "data-n": 1, "data-id": e.id, transform: `translate(${middle.toFixed(1)} ${cy})`,
          "aria-label": `${title(e)}${w("comma")}${days(e.d)}${w("comma")}${w("status." + e.s)}` },
        s("circle", { class: "hit", r: 9 }), s("use", { href: `#s-${e.s}`, x: -size / 2 - 1, y: -size / 2 - 1, width: size + 2, height: size + 2 }));
        drawn.push([e.from, node, () => openEvent(e.k0, node), () => [title(e), days(e.d) + (exact(e.d) ? "" : ` (${w("precision." + e.d[2])})`), w("status." + e.s)]]);
        front.append(node);
      }
      if (crowd.size) depth += 1;
      for (const [bin, members] of crowd) {
        const centre = (bin + 0.5) * 30, cx = flip ? width - centre : centre, cy = top + (depth - 1) * rowHeight + rowHeight / 2;
        const words = w("timeline.more", { events: count("event", members.length) });
        const node = s("g", { class: "event crowd", role: "button", "data-n": members.length, transform: `translate(${cx} ${cy})`, "aria-label": words },
          s("rect", { x: -13, y: -7.5, width: 26, height: 15, rx: 7.5 }), s("text", { y: 3.5, text: `+${members.length > 999 ? Math.round(members.length / 1000) + "k" : members.length}` }));
        const middle = members[Math.floor(members.length / 2)].from;
        drawn.push([members[0].from, node, () => zoomTime(4, middle), () => [words]]);
        front.append(node);
      }
      const bottom = top + Math.max(depth, 1) * rowHeight + 4;
      labels.append(s("text", { x: narrow ? (flip ? width - 8 : 8) : flip ? width - 2 : 2, y: narrow ? y + 13 : (top + bottom) / 2 + 3, "text-anchor": "start", class: "lane", text: w("type." + type) }));
      labels.append(s("line", { x1: 0, x2: width, y1: bottom + 1, y2: bottom + 1 }));
      y = bottom + 4;
    }
    const height = y + 24;
    const x0 = flip ? 8 : gutter, x1 = x0 + inner;
    for (const [t, text, strong] of ticks(timeline.low, timeline.high, Math.max(3, inner / 74))) {
      const x = X(t);
      if (x < x0 + 2 || x > x1 - 2) continue;
      grid.append(s("line", { x1: x, x2: x, y1: 0, y2: y, class: strong ? "strong" : null }), s("text", { x: Math.max(x0 + 16, Math.min(x1 - 16, x)), y: y + 17, "text-anchor": "middle", text }));
    }
    const box_height = lanes.length ? height : 60;
    timeline.geometry = { T, inner, flip };
    const focused = document.activeElement && box.contains(document.activeElement) ? document.activeElement.dataset.id : null;
    // The drawing itself stays and only its contents change: a new element would lose the pointer that drags it.
    if (!timeline.svg) {
      timeline.svg = s("svg", { class: "timeline", role: "group" });
      gestures(timeline.svg, {
        pan: (dx) => { const g = timeline.geometry; shiftTime((((g.flip ? dx : -dx) / g.inner) * (timeline.high - timeline.low))); },
        zoom: (factor, x) => zoomTime(factor, timeline.geometry.T(x)),
      });
    }
    const svg = timeline.svg;
    put(svg, { width, height: box_height, viewBox: `0 0 ${width} ${box_height}`, "aria-label": w("timeline.label", { events: count("event", dated.length) }), "data-marks": drawn.reduce((n, one) => n + +one[1].dataset.n, 0) }, []);
    svg.replaceChildren(
      s("clipPath", { id: "timeline-clip" }, s("rect", { x: narrow ? 0 : x0 - 10, y: 0, width: narrow ? width : inner + 20, height })), grid, labels, s("g", { "clip-path": "url(#timeline-clip)" }, back, front));
    if (!lanes.length) svg.append(s("text", { class: "empty", x: width / 2, y: 34, "text-anchor": "middle", text: w("timeline.empty") }));
    drawn.sort((a, b) => a[0] - b[0]);
    roving(svg, drawn.map((one) => one[1]), (k) => drawn[k][2]());
    for (const [, node, act, lines] of drawn) { node.addEventListener("click", act); tipped(node, lines); }
    if (svg.isConnected) box.lastChild.replaceWith(overview(width)); else box.replaceChildren(svg, overview(width));
    if (focused) { const again = drawn.find((one) => one[1].dataset.id === focused); if (again) again[1].focus(); }
    const without = shown.length - dated.length, outside = dated.length - inView.length;
    $("timeline-note").textContent = [
      without ? w("timeline.undated", { events: count("event", without) }) : "",
      outside ? w("timeline.outside", { events: count("event", outside) }) : "",
    ].filter(Boolean).join(" · ");
  }
  function shiftTime(dt) { moveTime(timeline.low + dt, timeline.high + dt); }
  // Bars of the events by year (or month) over the whole time, with the view as a frame that can be dragged.
  function overview(width) {
    const [low, high] = wholeTime(), height = 40, flip = rtl();
    const X = (t) => { const x = 8 + ((t - low) / (high - low)) * (width - 16); return flip ? width - x : x; };
    const T = (x) => low + (((flip ? width - x : x) - 8) / (width - 16)) * (high - low);
    const monthly = high - low < 6 * 366 * DAY;
    const bins = new Map();
    for (const e of shown) {
      if (!e.d) continue;
      const d = new Date(e.from), key = monthly ? Date.UTC(d.getUTCFullYear(), d.getUTCMonth(), 1) : Date.UTC(d.getUTCFullYear(), 0, 1);
      bins.set(key, (bins.get(key) || 0) + 1);
    }
    const top = Math.max(1, ...bins.values());
    const svg = s("svg", { class: "overview", width, height: height + 16, viewBox: `0 0 ${width} ${height + 16}`, role: "img", "aria-label": w("timeline.overview") });
    for (const [start, n] of bins) {
      const d = new Date(start), end = monthly ? Date.UTC(d.getUTCFullYear(), d.getUTCMonth() + 1, 1) : Date.UTC(d.getUTCFullYear() + 1, 0, 1);
      const a = Math.min(X(start), X(end)), size = Math.max(2, Math.abs(X(end) - X(start)) - 1), tall = Math.max(2, Math.sqrt(n / top) * (height - 6));
      svg.append(s("rect", { class: "year", x: a, y: height - tall, width: size, height: tall }));
    }
    for (const [t, text] of ticks(low, high, Math.max(3, width / 90))) svg.append(s("text", { x: Math.max(18, Math.min(width - 18, X(t))), y: height + 13, "text-anchor": "middle", text }));
    const a = Math.min(X(timeline.low), X(timeline.high)), b = Math.max(X(timeline.low), X(timeline.high));
    svg.append(s("line", { class: "base", x1: 0, x2: width, y1: height, y2: height }), s("rect", { class: "view", x: a, y: 1, width: Math.max(6, b - a), height: height - 1, rx: 3 }));
    const go = (event) => {
      if (!(event.buttons & 1)) return;
      const t = T(event.clientX - svg.getBoundingClientRect().left), half = (timeline.high - timeline.low) / 2;
      moveTime(t - half, t + half);
    };
    svg.addEventListener("pointerdown", go);
    svg.addEventListener("pointermove", go);
    return svg;
  }
  function drawTimelineFrame() {
    const step = (k) => () => shiftTime((timeline.high - timeline.low) * 0.3 * k);
    const whole = () => { [timeline.low, timeline.high] = wholeTime(); soon(drawTimeline); };
    const [back, on] = rtl() ? [ICONS.right, ICONS.left] : [ICONS.left, ICONS.right];
    $("timeline-buttons").replaceChildren(
      iconButton(back, w("timeline.earlier"), step(-1)), iconButton(on, w("timeline.later"), step(1)),
      iconButton(ICONS.minus, w("timeline.zoom_out"), () => zoomTime(0.6)), iconButton(ICONS.plus, w("timeline.zoom_in"), () => zoomTime(1.7)),
      iconButton(ICONS.fit, w("timeline.whole"), whole));
    const bar = (kind) => s("svg", { class: "sample", viewBox: "0 0 34 12", "aria-hidden": "true" }, s("rect", { class: `bar ${kind}`, x: 1, y: kind === "unsure" ? 1 : 3.5, width: 32, height: kind === "unsure" ? 10 : 5, rx: kind === "unsure" ? 5 : 2.5 }));
    const present = new Set(E.map((e) => e.s));
    $("legend").replaceChildren(
      ...STATUSES.filter((st) => present.has(st)).map((st) => h("span", { title: w("status_means." + st) }, mark(st), w("status." + st))),
      h("span", {}, bar("sure"), w("timeline.certain")), h("span", {}, bar("unsure"), w("timeline.uncertain")), h("span", {}, bar("open"), w("page.open_end")));
  }

  // ---------------------------------------------------------------- map
  const up = (lat) => (1.25 * Math.log(Math.tan(Math.PI / 4 + 0.4 * (Math.max(-85, Math.min(85, lat)) * Math.PI) / 180)) * 180) / Math.PI;
  const project = (lat, lon) => [(lon + 180) * LAND.scale, (up(LAND.north) - up(lat)) * LAND.scale];
  const map = { x: 0, y: 0, k: 0.1, svg: null, width: 0, height: 0, spots: [] };
  function spotsOf(events) {
    const found = new Map();
    for (const e of events) {
      if (!e.g) continue;
      const key = e.g.join();
      if (!found.has(key)) { const [x, y] = project(...e.g); found.set(key, { x, y, events: [], place: e.l[0], area: e.l.length > 0 && !!N[e.l[0]][4] }); }
      found.get(key).events.push(e);
    }
    return [...found.values()].sort((a, b) => b.events.length - a.events.length || a.x - b.x);
  }
  function fitMap() {
    const spots = map.spots.length ? map.spots : [{ x: 4400, y: 700 }, { x: 6400, y: 1500 }];
    const xs = spots.map((p) => p.x), ys = spots.map((p) => p.y);
    const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const pad = Math.min(56, map.width / 8);
    map.k = Math.min((map.width - 2 * pad) / Math.max(x1 - x0, 260), (map.height - 2 * pad) / Math.max(y1 - y0, 200), 1.6);
    map.x = map.width / 2 - ((x0 + x1) / 2) * map.k;
    map.y = map.height / 2 - ((y0 + y1) / 2) * map.k;
    placeMap();
  }
  function zoomMap(factor, px, py) {
    const k = Math.max(map.width / (LAND.width * 1.1), Math.min(8, map.k * factor));
    const [cx, cy] = px === undefined ? [map.width / 2, map.height / 2] : [px, py];
    map.x = cx - ((cx - map.x) / map.k) * k;
    map.y = cy - ((cy - map.y) / map.k) * k;
    map.k = k;
    placeMap();
  }
  function placeMap() {
    // The land stays at least partly in the frame.
    map.x = Math.min(map.width * 0.8, Math.max(map.width * 0.2 - LAND.width * map.k, map.x));
    map.y = Math.min(map.height * 0.8, Math.max(map.height * 0.2 - LAND.height * map.k, map.y));
    map.ground.setAttribute("transform", `translate(${map.x} ${map.y}) scale(${map.k})`);
    const taken = [];
    const free = (box) => !taken.some((o) => box[0] < o[2] && o[0] < box[2] && box[1] < o[3] && o[1] < box[3]);
    for (const spot of map.spots) {
      spot.px = spot.x * map.k + map.x;
      spot.py = spot.y * map.k + map.y;
      spot.node.setAttribute("transform", `translate(${spot.px.toFixed(1)} ${spot.py.toFixed(1)})`);
      taken.push([spot.px - spot.r, spot.py - spot.r, spot.px + spot.r, spot.py + spot.r]);
    }
    for (const spot of map.spots) {
      const wide = spot.wide, text = spot.node.querySelector("text");
      const tries = [[spot.r + 4, 4, "start"], [-spot.r - 4, 4, "end"], [0, -spot.r - 5, "middle"], [0, spot.r + 13, "middle"]];
      const at = tries.find(([dx, dy, anchor]) => {
        const left = spot.px + dx - (anchor === "end" ? wide : anchor === "middle" ? wide / 2 : 0), top = spot.py + dy - 11;
        const box = [left, top, left + wide, top + 14];
        if (left < 2 || left + wide > map.width - 2 || !free(box)) return false;
        taken.push(box);
        return true;
      });
      text.toggleAttribute("hidden", !at);
      text.setAttribute("visibility", at ? "visible" : "hidden");
      if (at) { text.setAttribute("x", at[0]); text.setAttribute("y", at[1]); text.setAttribute("text-anchor", at[2]); }
    }
  }
  function drawMap() {
    const box = $("map-chart");
    map.width = box.clientWidth || 500;
    map.height = Math.round(Math.min(460, Math.max(260, map.width * 0.72)));
    map.spots = spotsOf(shown);
    const most = Math.max(1, ...map.spots.map((spot) => spot.events.length));
    if (!map.svg) {
      map.ground = s("g", { class: "land" }, s("path", { class: "ground", d: LAND.land }), s("path", { class: "borders", d: LAND.borders }));
      map.marks = s("g");
      map.svg = s("svg", { class: "map", role: "group" }, map.ground, map.marks);
      gestures(map.svg, { pan: (dx, dy) => { map.x += dx; map.y += dy; soon(placeMap); }, zoom: (factor, x, y) => zoomMap(factor, x, y) });
      box.replaceChildren(map.svg);
    }
    map.svg.setAttribute("width", map.width);
    map.svg.setAttribute("height", map.height);
    map.svg.setAttribute("viewBox", `0 0 ${map.width} ${map.height}`);
    map.svg.setAttribute("aria-label", w("map.label", { places: count("place", map.spots.length) }));
    for (const spot of map.spots) {
      spot.label = spot.place === undefined ? "" : name(spot.place);
      spot.wide = measure(spot.label, 12) + 4;
      spot.r = 4 + 13 * Math.sqrt(spot.events.length / Math.max(most, 6));
      spot.node = s("g", { class: spot.area ? "spot area" : "spot", role: "button", "data-n": spot.events.length, "aria-label": `${spot.label}${w("comma")}${count("event", spot.events.length)}` },
        s("circle", { r: spot.r }), s("text", { text: spot.label, "aria-hidden": "true" }));
      spot.act = () => { if (spot.events.length === 1) openEvent(spot.events[0].k0, spot.node); else if (spot.place !== undefined) filterBy("place", spot.place); };
      spot.node.addEventListener("click", spot.act);
      tipped(spot.node, () => [spot.label, count("event", spot.events.length), spot.events.length <= 3 ? comma(spot.events.map(title)) : null]);
    }
    map.marks.replaceChildren(...map.spots.map((spot) => spot.node).reverse());
    roving(map.svg, map.spots.map((spot) => spot.node), (k) => map.spots[k].act());
    fitMap();
    const nowhere = shown.filter((e) => !e.g).length;
    $("map-note").textContent = map.spots.length ? (nowhere ? w("map.nowhere", { events: count("event", nowhere) }) : "") : w("map.empty");
    const top = tally(shown.flatMap((e) => (e.l.length ? [e.l[0]] : []))).slice(0, 8);
    rank($("map-list"), top.map(([k, n]) => [bdi(name(k)), n, () => filterBy("place", k), state.place === String(k)]));
  }
  function rank(list, rows) {
    const most = Math.max(1, ...rows.map((row) => row[1]));
    list.hidden = !rows.length;
    list.previousElementSibling.hidden = !rows.length;
    list.replaceChildren(...rows.map(([what, n, act, on]) => h("li", {}, h("button", { type: "button", onclick: act, "aria-pressed": String(!!on) }, h("span", { class: "what" }, ...(Array.isArray(what) ? what : [what])), meter(n / most), h("span", { class: "n", text: number(n) })))));
  }
  const meter = (share) => s("svg", { class: "meter", viewBox: "0 0 100 4", preserveAspectRatio: "none", "aria-hidden": "true" }, s("rect", { width: Math.max(1, share * 100), height: 4 }));
  function drawMapFrame() {
    $("map-buttons").replaceChildren(iconButton(ICONS.minus, w("map.zoom_out"), () => zoomMap(0.6)), iconButton(ICONS.plus, w("map.zoom_in"), () => zoomMap(1.7)), iconButton(ICONS.fit, w("map.whole"), fitMap));
  }

  // ---------------------------------------------------------------- who met whom
  const sideOf = (k) => { const side = D.side[N[k][3]]; return side === undefined ? 2 : side; };
  function pairsOf(events) {
    const pairs = new Map();
    for (const e of events) {
      if (!CONTACTS.has(e.t)) continue;
      const people = [...e.who].sort((a, b) => a - b);
      const whole = e.o !== undefined && byId.has(e.o) ? E[byId.get(e.o)] : null;
      for (let i = 0; i < people.length; i++) for (let j = i + 1; j < people.length; j++) {
        // A summit within a visit of the same two is one contact.
        if (whole && whole.who.has(people[i]) && whole.who.has(people[j]) && CONTACTS.has(whole.t)) continue;
        const key = people[i] * 1e6 + people[j];
        let pair = pairs.get(key);
        if (!pair) pairs.set(key, (pair = { a: people[i], b: people[j], n: 0, real: 0 }));
        pair.n += 1;
        if (e.s === "occurred" || e.s === "ongoing") pair.real += 1;
      }
    }
    return [...pairs.values()].sort((a, b) => b.real - a.real || b.n - a.n || a.a - b.a || a.b - b.b);
  }
  function drawNetwork() {
    const box = $("network-chart"), width = box.clientWidth || 500, flip = rtl();
    const pairs = pairsOf(shown), degree = new Map(), pull = new Map();
    for (const { a, b, n } of pairs) for (const [me, other] of [[a, b], [b, a]]) {
      degree.set(me, (degree.get(me) || 0) + n);
      if (!pull.has(me)) pull.set(me, [0, 0]);
      if (sideOf(other) < 2) pull.get(me)[sideOf(other)] += n;
    }
    const columns = [[], []];
    for (const k of [...degree.keys()].sort((a, b) => degree.get(b) - degree.get(a) || a - b)) {
      const side = sideOf(k);
      // Who belongs to neither state stands opposite the state whose people they met most.
      const column = side < 2 ? side : pull.get(k)[0] > pull.get(k)[1] ? 1 : 0;
      columns[column].push(k);
    }
    const most = width < 460 ? 12 : 14, row = 27, at = new Map();
    let hiddenPeople = 0, height = 0;
    const heads = [];
    const longest = Math.max(0, ...[...degree.keys()].map((k) => measure(name(k), 13)));
    const left = Math.max(width * 0.34, Math.min(width * 0.42, longest + 18)), right = width - left;
    columns.forEach((list, c) => {
      const kept = list.slice(0, most);
      hiddenPeople += list.length - kept.length;
      let y = 14;
      const x = (c === 0) === !flip ? left : right;
      for (const outside of [false, true]) {
        const part = kept.filter((k) => (sideOf(k) === 2) === outside);
        if (!part.length) continue;
        heads.push([x, y, outside ? w("network.others") : D.states[c] ? D.states[c][lang === "ar" ? 1 : 0] : "", x === left]);
        y += 21;
        for (const k of part) { at.set(k, { x, y, c, left: x === left }); y += row; }
        y += 12;
      }
      height = Math.max(height, y);
    });
    const links = s("g", { class: "links" }), nodes = s("g"), heading = s("g", { class: "heads" });
    const top = Math.max(1, ...pairs.map((p) => p.n));
    const drawn = [];
    const touching = new Map();
    for (const pair of pairs.slice().reverse()) {
      const a = at.get(pair.a), b = at.get(pair.b);
      if (!a || !b) continue;
      const bend = a.x === b.x ? Math.min(right - left, 26 + Math.abs(a.y - b.y) * 0.55) * (a.left ? 1 : -1) : (b.x - a.x) * 0.5;
      const d = a.x === b.x ? `M${a.x} ${a.y}C${a.x + bend} ${a.y} ${b.x + bend} ${b.y} ${b.x} ${b.y}` : `M${a.x} ${a.y}C${a.x + bend} ${a.y} ${b.x - bend} ${b.y} ${b.x} ${b.y}`;
      const link = s("path", { d, class: pair.real ? "link" : "link unreal", "stroke-width": (1 + 4 * Math.sqrt(pair.n / Math.max(top, 4))).toFixed(1) });
      tipped(link, () => [w("page.people_and", { a: name(pair.a), b: name(pair.b) }), count("event", pair.n)]);
      for (const k of [pair.a, pair.b]) { if (!touching.has(k)) touching.set(k, []); touching.get(k).push([link, k === pair.a ? pair.b : pair.a]); }
      links.append(link);
    }
    const cut = (text) => {
      if (measure(text, 13) <= left - 16) return text;
      // After a whole word, so that what is read aloud holds what is seen.
      let n = text.lastIndexOf(" ");
      while (n > 0 && measure(`${text.slice(0, n)}…`, 13) > left - 16) n = text.lastIndexOf(" ", n - 1);
      if (n > 0) return `${text.slice(0, n)}…`;
      n = text.length;
      while (n > 1 && measure(`${text.slice(0, n)}…`, 13) > left - 16) n -= 1;
      return `${text.slice(0, n)}…`;
    };
    for (const [k, p] of at) {
      const whole = name(k), short = cut(whole);
      const end = p.left;
      const node = s("g", { class: `person side-${sideOf(k)}`, role: "button", "data-id": k, "data-n": degree.get(k), transform: `translate(${p.x} ${p.y})`, "aria-pressed": String(state.person === String(k)), "aria-label": `${whole}${w("comma")}${count("event", degree.get(k))}` },
        s("rect", { class: "hit", x: end ? -left + 4 : -8, y: -13, width: left + 4, height: 26 }),
        sideOf(k) === 0 ? s("circle", { r: 4.5 }) : sideOf(k) === 1 ? s("rect", { class: "box", x: -4, y: -4, width: 8, height: 8 }) : s("path", { class: "box", d: "M0-5.4 5.4 0 0 5.4-5.4 0z" }),
        s("text", { x: end ? -11 : 11, y: 4, "text-anchor": end ? "end" : "start", text: short, "aria-hidden": "true" }));
      const light = (on) => {
        links.classList.toggle("dim", on);
        for (const [link, other] of touching.get(k) || []) { link.classList.toggle("lit", on); const o = drawn.find((d) => d[0] === other); if (o) o[1].classList.toggle("lit", on); }
      };
      for (const [name1, on] of [["pointerenter", true], ["pointerleave", false], ["focus", true], ["blur", false]]) node.addEventListener(name1, () => light(on));
      if (short !== whole) tipped(node, () => [whole]);
      node.addEventListener("click", () => filterBy("person", k));
      drawn.push([k, node]);
      nodes.append(node);
    }
    for (const [x, y, text, end] of heads) heading.append(s("text", { x: x + (end ? 5 : -5), y: y + 2, "text-anchor": end ? "end" : "start", text }));
    if (!drawn.length) height = 60;
    const svg = s("svg", { class: "network", width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": w("network.label", { people: count("person", at.size) }), "data-pairs": pairs.length }, heading, links, nodes);
    if (!drawn.length) svg.append(s("text", { class: "empty", x: width / 2, y: 34, "text-anchor": "middle", text: w("network.empty") }));
    roving(svg, drawn.map((d) => d[1]), (k) => filterBy("person", drawn[k][0]));
    box.replaceChildren(svg);
    $("network-note").textContent = hiddenPeople ? w("network.more", { n: number(hiddenPeople) }) : "";
    rank($("network-list"), pairs.slice(0, 8).map((p) => [[bdi(name(p.a)), " · ", bdi(name(p.b))], p.n, () => {
      const on = state.person === String(p.a) && state.pair === p.b;
      state.person = on ? "" : String(p.a);
      state.pair = on ? null : p.b;
      drawFilters();
      apply();
    }, state.person === String(p.a) && state.pair === p.b]));
  }

  // ---------------------------------------------------------------- lists that grow
  // Renders `size` rows at once and more when their end comes near or the button is pressed.
  function grower({ body, more, size, row }) {
    let items = [], at = 0;
    const next = () => {
      const part = items.slice(at, at + size);
      body.append(...part.map(row));
      at += part.length;
      more.hidden = at >= items.length;
    };
    more.addEventListener("click", () => { const first = at; next(); const node = body.children[first]; const inner = node && node.querySelector("button, summary"); if (inner) inner.focus(); });
    new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting) && !more.hidden) next(); }, { rootMargin: "600px" }).observe(more);
    const show = (list) => { items = list; at = 0; body.replaceChildren(); next(); };
    return { show, all: (limit) => { while (at < items.length && at < limit) next(); } };
  }

  // ---------------------------------------------------------------- table
  // Column, what it sorts by (null stands last either way), and whether the first press sorts downwards.
  const COLUMNS = [
    ["date", (e) => (e.d ? `${e.d[0]} ${e.d[1] || "9999"}` : null)],
    ["status", (e) => STATUSES.indexOf(e.s)],
    ["type", (e) => { const k = TYPES.indexOf(e.t); return k < 0 ? 99 : k; }],
    ["event", (e) => fold(title(e))],
    ["people", (e) => (e.p.length ? fold(name(e.p[0][0])) : null)],
    ["place", (e) => (e.l.length ? fold(name(e.l[0])) : null)],
    ["articles", (e) => e.n, true],
    ["confidence", (e) => e.f, true],
  ];
  const sort = { column: "date", down: false };
  let order = [];
  const table = grower({ body: $("table-body"), more: $("table-more"), size: 80, row: tableRow });
  function drawTableHead() {
    $("table-head").replaceChildren(...COLUMNS.map(([key, , first]) => h("th", { role: "columnheader", scope: "col", class: `c-${key}`, "aria-sort": sort.column === key ? (sort.down ? "descending" : "ascending") : "none" },
      h("button", { type: "button", title: w("table.sort", { column: w("table." + key) }), onclick: () => { sort.down = sort.column === key ? !sort.down : !!first; sort.column = key; drawTableHead(); drawTable(); $("table-head").querySelector(`.c-${key} button`).focus(); } }, w("table." + key), h("span", { class: "arrow", "aria-hidden": "true" })))));
  }
  function drawTable() {
    const key = COLUMNS.find(([column]) => column === sort.column)[1];
    const keyed = shown.map((e) => [key(e), e]);
    const sign = sort.down ? -1 : 1;
    const compare = (a, b) => (a === b ? 0 : a === null ? 1 : b === null ? -1 : a < b ? -sign : sign);
    keyed.sort((a, b) => compare(a[0], b[0]) || a[1].k0 - b[1].k0);
    order = keyed.map(([, e]) => e);
    table.show(order);
    $("table-note").textContent = order.length ? "" : w("table.empty");
  }
  function tableRow(e) {
    const cell = (key, ...inside) => h("td", { role: "cell", class: `c-${key}`, "data-label": w("table." + key) }, ...inside);
    const button = h("button", { type: "button", class: "title", dir: "auto", text: title(e) });
    const row = h("tr", { role: "row", "data-id": e.id },
      cell("date", h("span", { class: e.d && !exact(e.d) ? "date unsure" : "date" }, e.d ? bdi(days(e.d, true)) : h("span", { class: "faint", text: w("page.undated") }))),
      cell("status", h("span", { class: "status" }, mark(e.s), w("status." + e.s))),
      cell("type", w("type." + e.t)),
      cell("event", button, e.x ? h("span", { class: "flag", text: w("table.disputed") }) : null),
      cell("people", ...joined(e.p.slice(0, 4).map(([k]) => bdi(name(k)))), e.p.length > 4 ? " …" : null),
      cell("place", e.l.length ? bdi(name(e.l[0])) : null),
      cell("articles", number(e.n)),
      cell("confidence", confidence(e.f)));
    row.addEventListener("click", (event) => { if (!String(getSelection())) openEvent(e.k0, button); });
    return row;
  }
  const confidence = (f) => h("span", { class: "confidence" }, meter(f), h("span", { text: f.toFixed(2) }));

  // ---------------------------------------------------------------- evidence
  const panel = $("panel");
  let opener = null, current = -1;
  function openEvent(k, from) {
    const e = E[k];
    current = k;
    hideTip();
    if (from && !panel.contains(from)) opener = from;
    const here = order.findIndex((o) => o.k0 === k);
    const step = (d) => () => { const next = order[here + d]; if (next) { openEvent(next.k0); } };
    const [back, on] = rtl() ? [ICONS.right, ICONS.left] : [ICONS.left, ICONS.right];
    const previous = iconButton(back, w("panel.previous"), step(-1)), next = iconButton(on, w("panel.next"), step(1));
    previous.disabled = here <= 0;
    next.disabled = here < 0 || here >= order.length - 1;
    const fact = (key, ...inside) => h("div", {}, h("dt", { text: w("panel." + key) }), h("dd", {}, ...inside));
    const link = (id) => (byId.has(id) ? h("button", { type: "button", class: "link", dir: "auto", text: title(E[byId.get(id)]), onclick: () => openEvent(byId.get(id)) }) : bdi(id, { class: "code" }));
    const parts = E.filter((o) => o.o === e.id);
    const who = (list) => list.map(([n, role]) => h("li", {}, bdi(name(n)), " ", h("span", { class: "faint", text: w("role." + role) })));
    const heading = h("h2", { id: "panel-title", tabindex: "-1", dir: "auto", text: title(e) });
    panel.replaceChildren(
      h("div", { class: "bar" }, h("span", { class: "kicker", text: w("panel.title") }), previous, next, iconButton(ICONS.close, w("panel.close"), closePanel)),
      h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": w("panel.title") },
        h("p", { class: "kicker" }, w("type." + e.t)), heading,
        h("p", { class: "status big", title: w("status_means." + e.s) }, mark(e.s), h("b", { text: w("status." + e.s) }), h("span", { class: "faint", text: w("status_means." + e.s) })),
        h("dl", { class: "facts" },
          fact("when", e.d ? bdi(days(e.d)) : w("page.undated"), e.d ? h("span", { class: "faint", text: ` ${w("precision." + e.d[2])}` }) : null),
          e.l.length ? fact("where", ...joined(e.l.map((n) => bdi(name(n))))) : null,
          e.p.length ? fact("who", h("ul", {}, ...who(e.p))) : null,
          e.q.length ? fact("states", h("ul", {}, ...who(e.q))) : null,
          e.o ? fact("whole", link(e.o)) : null,
          parts.length ? fact("parts", h("ul", {}, ...parts.map((o) => h("li", {}, link(o.id))))) : null,
        ),
        h("h3", { text: w("panel.witnesses") }),
        h("p", { class: "note", text: w("panel.legend") }),
        ...witnesses(e),
        ...(e.x ? [h("h3", { text: w("disagreements.title") }), ...e.x.map((x) => disputed(x))] : []),
        ...history(e),
        ...(e.y ? [h("h3", { text: w("panel.why") }), h("ul", { class: "why" }, ...e.y.map((reason) => sentence("li", inLanguage(reason))))] : []),
        h("h3", { text: w("panel.record") }),
        h("dl", { class: "facts" },
          fact("confidence", confidence(e.f)),
          e.k ? fact("codes", bdi([e.k[0] && `CAMEO ${e.k[0]}`, e.k[1] && `PLOVER ${e.k[1]}`].filter(Boolean).join(" · "), { class: "code" })) : null,
          fact("id", bdi(e.id, { class: "code" })))));
    if (!panel.open) { if (matchMedia("(min-width: 56rem)").matches) panel.show(); else panel.showModal(); }
    root.classList.add("with-panel");
    heading.focus({ preventScroll: true });
    panel.querySelector(".scroll").scrollTop = 0;
    for (const row of document.querySelectorAll("tr.on")) row.classList.remove("on");
    for (const row of $("table-body").children) if (row.dataset.id === e.id) row.classList.add("on");
    history_replace("#event=" + encodeURIComponent(e.id));
  }
  function history_replace(hash) { try { window.history.replaceState(null, "", hash || location.pathname + location.search); } catch { /* some viewers refuse */ } }
  function closePanel() {
    if (!panel.open) return;
    panel.close();
    root.classList.remove("with-panel");
    for (const row of document.querySelectorAll("tr.on")) row.classList.remove("on");
    history_replace("");
    let back = opener && opener.isConnected ? opener : null;
    if (!back && current >= 0) { const id = E[current].id; back = [...document.querySelectorAll("[data-id]")].find((node) => node.dataset.id === id) || null; }
    if (back) back.focus({ preventScroll: true });
    opener = null;
  }
  panel.addEventListener("cancel", (event) => { event.preventDefault(); closePanel(); });
  addEventListener("keydown", (event) => { if (event.key === "Escape" && panel.open) closePanel(); });
  panel.addEventListener("click", (event) => { if (event.target === panel && panel.matches(":modal")) closePanel(); });

  const articleTitle = (k) => A[k].t || A[k].n;
  function history(e) {
    const told = [], seen = new Set();
    for (const [a, st] of e.w) { const key = `${a} ${st}`; if (!seen.has(key)) { seen.add(key); told.push([a, st]); } }
    if (new Set(told.map((one) => one[1])).size < 2) return [];
    return [h("h3", { text: w("panel.history") }), h("ol", { class: "told" }, ...told.map(([a, st]) => h("li", {}, bdi(A[a].d ? days(A[a].d, true) : w("page.unknown"), { class: "when" }), h("span", { class: "status" }, mark(st), w("status." + st)), bdi(articleTitle(a), { class: "faint" }))))];
  }
  function witnesses(e) {
    const byArticle = new Map();
    for (const one of e.w) { if (!byArticle.has(one[0])) byArticle.set(one[0], []); byArticle.get(one[0]).push(one); }
    // The best passage first, then in order of publication.
    const best = e.b ? e.b[0] : -1;
    return [...byArticle].sort((p, q) => (q[0] === best) - (p[0] === best)).map(([a, list]) => {
      const article = A[a], groups = groupsOf(list.flatMap((one) => one[3]));
      if (a === best) {  // the best passage comes first
        const at = groups.findIndex(([x, spans]) => x === e.b[1] && spans.some((span) => span[0] === e.b[2]));
        if (at > 0) groups.unshift(...groups.splice(at, 1));
      }
      const drawn = groups.map(([x, spans]) => passage(article.x[x], spans));
      const told = [...new Map(list.map((one) => [one[1] + JSON.stringify(one[2]), one])).values()];
      return h("article", { class: "witness" },
        h("header", {},
          h("h4", { dir: "auto", text: articleTitle(a) }),
          h("p", { class: "note" }, bdi(article.d ? days(article.d) : w("page.unknown")), article.o ? " · " : null, article.o ? bdi(article.o) : null, article.t ? " · " : null, article.t ? bdi(article.n, { class: "code" }) : null,
            article.c !== undefined ? h("span", {}, ` · ${w("panel.copies")} `, bdi(articleTitle(article.c))) : null),
          h("p", { class: "says" }, ...told.map(([, st, d]) => h("span", { class: "status" }, mark(st), w("status." + st), d ? h("span", { class: "faint" }, " ", bdi(days(d, true))) : null)))),
        ...drawn.slice(0, 3),
        drawn.length > 3 ? h("details", { class: "rest" }, h("summary", { text: w("panel.more", { n: number(drawn.length - 3) }) }), ...drawn.slice(3)) : null,
        article.away ? h("p", { class: "note", text: w("panel.no_text") }) : null);
    });
  }
  // Passages that lie close together are shown as one: [window, spans].
  function groupsOf(passages) {
    const out = [];
    for (const [x, from, to] of passages.slice().sort((p, q) => p[0] - q[0] || p[1] - q[1] || p[2] - q[2])) {
      const last = out[out.length - 1];
      if (last && last[0] === x && from - last[2] <= D.context * 0.8) { last[1].push([from, to]); last[2] = Math.max(last[2], to); } else out.push([x, [[from, to]], to]);
    }
    return out;
  }
  // A window of the article with the evidence marked, and in it dates, people and places.
  function passage(x, spans) {
    const text = points(x), size = Math.round(D.context * 0.6);
    // One window may hold the evidence of several events: here only what is near this one's.
    let low = Math.max(0, Math.min(...spans.map((span) => span[0])) - size), high = Math.min(text.length, Math.max(...spans.map((span) => span[1])) + size);
    while (low > 0 && low < spans[0][0] && !/\s/.test(text[low - 1])) low += 1;
    while (high < text.length && high > spans[spans.length - 1][1] && !/\s/.test(text[high])) high -= 1;
    const edges = new Set([low, high]);
    const lit = new Uint8Array(text.length);
    for (const [from, to] of spans) { edges.add(from); edges.add(to); lit.fill(1, from, to); }
    const inner = x[3].filter((m) => lit[m[0]]);
    for (const m of inner) { edges.add(m[0]); edges.add(m[1]); }
    const cuts = [...edges].filter((k) => k >= low && k <= high).sort((a, b) => a - b);
    const out = h("blockquote", { class: "passage", dir: "auto", lang: "ar" });
    if (x[1] || low > 0) out.append(h("span", { class: "faint", text: "… " }));
    let strong = null;
    for (let k = 0; k + 1 < cuts.length; k++) {
      const piece = text.slice(cuts[k], cuts[k + 1]).join("").replace(/\s*\n\s*/g, "\n");
      const m = inner.find((one) => one[0] <= cuts[k] && cuts[k + 1] <= one[1]);
      let node = piece;
      if (m) {
        const kind = m.length < 4 ? "date" : m[3] === 1 ? "person" : "place";
        node = h("span", { class: `in ${kind}`, title: `${w(`panel.${kind}_in_text`)}: ${m.length < 4 ? days(m[2]) : name(m[2])}`, text: piece });
      }
      if (lit[cuts[k]]) { if (!strong) out.append((strong = h("mark", {}))); strong.append(node); } else { strong = null; out.append(node); }
    }
    if (x[2] || high < text.length) out.append(h("span", { class: "faint", text: " …" }));
    return out;
  }

  // ---------------------------------------------------------------- disagreements, articles, method
  function valueWords(field, value) {
    if (field === "status" && WORDS[lang].status[value]) return h("span", { class: "status" }, mark(value), w("status." + value));
    if (field === "place") { const k = N.findIndex((row) => row[0] === value); if (k >= 0) return bdi(name(k)); }
    const m = /^(\d{4}-\d\d-\d\d)(?:(?:\.\.|\/| – |–| to )(\d{4}-\d\d-\d\d)?)?$/.exec(value);
    if (m) return bdi(days([m[1], m[2] || m[1], "day"]));
    return bdi(value);
  }
  function disputed(x) {
    const [field, text, values] = x;
    return h("div", { class: "dispute" }, h("p", { class: "kicker", text: w("field." + field) }),
      h("ul", {}, ...values.map(([value, articles], k) => h("li", { class: k ? "" : "chosen" }, h("span", { class: "value" }, valueWords(field, value)), k ? null : h("span", { class: "flag", text: w("disagreements.chosen") }),
        h("span", { class: "faint says-who" }, ...articles.map((a) => bdi(articleTitle(a))))))),
      text && !values.length ? sentence("p", text) : null);
  }
  const disagreements = grower({ body: $("disagreements-list"), more: $("disagreements-more"), size: 40, row: (e) => {
    const button = h("button", { type: "button", class: "title", dir: "auto", text: title(e), onclick: () => openEvent(e.k0, button) });
    return h("div", { class: "card" }, h("p", { class: "note" }, h("span", { class: "status" }, mark(e.s), bdi(days(e.d, true)))), h("h3", {}, button), ...e.x.map(disputed));
  } });
  function drawDisagreements() {
    const found = shown.filter((e) => e.x);
    disagreements.show(found);
    if (!found.length) $("disagreements-list").replaceChildren(h("p", { class: "note", text: w("disagreements.empty") }));
  }
  const perArticle = new Map();
  for (const e of E) for (const a of new Set(e.w.map((one) => one[0]))) perArticle.set(a, (perArticle.get(a) || 0) + 1);
  const articles = grower({ body: $("articles-list"), more: $("articles-more"), size: 60, row: (k) => {
    if (Array.isArray(k)) return h("div", { class: "article failed" }, h("div", { class: "summary" }, h("span", { class: "when", text: w("articles.failed") }), h("span", { class: "what" }, bdi(k[0]), h("span", { class: "file" }, bdi(inLanguage(k[1]))))));
    const a = A[k], source = a.s || "none";
    const inner = [];
    if (a.w && a.w.length) inner.push(h("p", { class: "kicker", text: w("articles.reasons") }), h("ul", { class: "why" }, ...a.w.map((reason) => sentence("li", inLanguage(reason)))));
    if (a.j && a.j.length) inner.push(h("p", { class: "kicker", text: w("articles.rejected") }), h("ul", { class: "why" }, ...a.j.map(([text, d, why]) => h("li", {}, bdi(text, { class: "struck" }), d ? " " : null, d ? h("span", { class: "faint" }, bdi(days(d))) : null, " – ", sentence("bdi", inLanguage(why))))));
    const line = [
      h("span", { class: "when" }, bdi(a.d ? days(a.d, true) : w("page.unknown"))),
      h("span", { class: "what" }, bdi(articleTitle(k)), a.t ? h("span", { class: "file" }, ...(a.o ? [bdi(a.o), " · "] : []), bdi(a.n)) : null, a.c !== undefined ? h("span", { class: "file" }, `${w("articles.copy")} `, bdi(articleTitle(a.c))) : null),
      h("span", { class: "source", title: w("source_means." + source) }, w("source." + source), a.d ? h("span", { class: "faint", text: ` ${a.f.toFixed(2)}` }) : null),
      h("span", { class: "n", text: count("event", perArticle.get(k) || 0) })];
    if (a.u) inner.push(h("p", { class: "note" }, h("a", { href: a.u, rel: "noopener noreferrer nofollow", target: "_blank", dir: "ltr", text: a.u })));
    if (a.s) inner.unshift(h("p", { class: "note", text: w("source_means." + source) }));
    return inner.length ? h("details", { class: "article" }, h("summary", {}, ...line), h("div", { class: "inner" }, ...inner)) : h("div", { class: "article" }, h("div", { class: "summary" }, ...line));
  } });
  function drawArticles() {
    const when = (k) => (A[k].d ? A[k].d[0] : "~");
    articles.show([...A.keys()].sort((a, b) => (when(a) < when(b) ? -1 : when(a) > when(b) ? 1 : a - b)).concat(D.failures));
    if (!A.length && !D.failures.length) $("articles-list").append(h("p", { class: "note", text: w("articles.empty") }));
  }
  function drawMethod() {
    $("method-body").replaceChildren(...w("method.body").map((text) => h("li", { text })));
    const own = (value) => (value && typeof value === "object" ? value[lang] || value.en || "" : value === null || value === undefined ? "" : String(value));
    const figure = (value) => (typeof value === "number" ? value.toFixed(3) : own(value));
    const found = D.accuracy;
    if (!found || !found.figures.length) { $("accuracy").replaceChildren(h("p", { class: "note", text: w("method.absent") })); return; }
    const keys = ["task", "precision", "recall", "f1", "value", "n"].filter((key) => key === "task" || found.figures.some((row) => row[key] !== null && row[key] !== undefined && row[key] !== ""));
    $("accuracy").replaceChildren(
      found.on ? h("p", { class: "note", dir: "auto", text: w("method.measured", { on: own(found.on) }) }) : "",
      h("table", { class: "accuracy", "aria-label": w("method.accuracy") }, h("thead", {}, h("tr", {}, ...keys.map((key) => h("th", { scope: "col", class: key === "task" ? null : "num", text: w("method." + key) })))),
        h("tbody", {}, ...found.figures.map((row) => h("tr", {}, ...keys.map((key) => (key === "task" ? h("th", { scope: "row", dir: "auto", text: own(row[key]) }) : h("td", { class: "num", text: key === "n" ? own(row[key]) : figure(row[key]) }))))))));
  }

  // ---------------------------------------------------------------- head, language, appearance
  function drawHead() {
    $("title").replaceChildren(bdi(D.title[lang === "ar" ? 1 : 0]));
    document.title = `${D.title[lang === "ar" ? 1 : 0]} – ruskor`;
    const published = A.filter((a) => a.d).map((a) => a.d);
    const low = published.map((d) => d[0]).sort()[0], high = published.map((d) => d[1] || d[0]).sort().pop();
    const all = count("article", A.length);
    $("lead").textContent = low ? w("page.lead", { articles: all, period: days([low, high, "day"]) }) : w("page.lead_undated", { articles: all });
    const figures = [["event", E.length, "table.title"], ["article", A.length, "articles.title"], ["person", peopleTally.length, "table.people"], ["place", placeTally.length, "map.title"], ["disagreement", E.reduce((n, e) => n + (e.x ? e.x.length : 0), 0), "disagreements.title"]];
    $("figures").replaceChildren(...figures.map(([, n, key]) => h("div", {}, h("dt", { text: w(key) }), h("dd", { text: number(n) }))));
    const theme = h("select", { id: "theme", onchange: () => { if (theme.value) root.dataset.theme = theme.value; else delete root.dataset.theme; } },
      ...[["", "theme_auto"], ["light", "theme_light"], ["dark", "theme_dark"]].map(([value, key]) => h("option", { value, text: w("page." + key) })));
    theme.value = root.dataset.theme || "";
    const other = lang === "en" ? "ar" : "en";
    $("tools").replaceChildren(
      h("label", { class: "field short" }, h("span", { text: w("page.theme") }), theme),
      h("button", { type: "button", id: "language", lang: other, text: w("page.switch_language"), onclick: () => { setLanguage(other); $("language").focus(); } }));
    $("foot").textContent = w("page.footer", { generator: D.generator });
  }
  function setLanguage(to) {
    lang = to;
    root.lang = to;
    root.dir = w("direction");
    for (const e of E) e.hay = undefined;
    for (const node of document.querySelectorAll("[data-w]")) node.textContent = w(node.dataset.w);
    for (const node of document.querySelectorAll("[data-wl]")) node.setAttribute("aria-label", w(node.dataset.wl));
    drawHead();
    drawFilters();
    drawTimelineFrame();
    drawMapFrame();
    drawTableHead();
    drawArticles();
    drawMethod();
    apply();
    if (panel.open) openEvent(current);
  }

  $("filters").addEventListener("submit", (event) => event.preventDefault());
  [timeline.low, timeline.high] = usualTime();
  setLanguage(lang);
  const fromHash = () => { const m = /^#event=(.+)$/.exec(location.hash); if (!m) return; let id; try { id = decodeURIComponent(m[1]); } catch { return; } if (byId.has(id) && byId.get(id) !== current) openEvent(byId.get(id)); };
  fromHash();
  addEventListener("hashchange", fromHash);
  // What a link leads to must not end up below the filters where they stay in view.
  const filters = document.querySelector(".filters");
  new ResizeObserver(() => { root.style.scrollPaddingTop = getComputedStyle(filters).position === "sticky" ? `${filters.offsetHeight + 20}px` : "1rem"; }).observe(filters);
  let wide = innerWidth;
  addEventListener("resize", () => { if (innerWidth === wide) return; wide = innerWidth; soon(drawTimeline); soon(drawMap); soon(drawNetwork); });
  addEventListener("beforeprint", () => { table.all(2000); articles.all(1000); disagreements.all(500); for (const node of document.querySelectorAll("details.article")) node.open = true; });
  root.dataset.ready = "1";
})();
