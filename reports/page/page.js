'use strict';
// Draws the document that reports/page_data.cpp writes. No library, no network.
const D = JSON.parse(document.getElementById('data').textContent);
D.runs = D.runs.map(([property, headline, why, turn, prevention, scenario, bounds, replay, faults, decisive, cast, path, tried]) => {
  const [actors, commands, services, beginning] = D.casts[cast];
  return {property, headline, why, turn, prevention, tried, scenario, bounds, replay, faults, decisive, actors, commands, services, beginning, steps: D.paths[path]};
});
const S = i => D.strings[i];
const $ = id => document.getElementById(id);
const FAULT = 1, RELEVANT = 2, WRITES = 8;

// Elements: h('button', {class: 'x', onclick: f}, 'text', other...)
const some = children => children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== '');
const fill = (element, ...children) => element.replaceChildren(...some(children));
function make(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...some(children));
  return element;
}
const h = (tag, attributes, ...children) => make(document.createElement(tag), attributes, children);
const NS = 'http://www.w3.org/2000/svg';
const s = (tag, attributes, ...children) => make(document.createElementNS(NS, tag), attributes, children);
const chip = verdict => h('span', {class: 'chip ' + verdict}, verdict);
// `quoted` words as code.
const rich = text => text.split('`').map((part, i) => i % 2 ? h('code', {}, part) : part);
const counted = (n, noun) => n + ' ' + noun + (n === 1 ? '' : 's');
const colour = actor => actor < 0 ? 'var(--mute)' : `var(--c${actor % 8})`;

// A step as an object, from its row in D.steps.
function stepOf(run, index) {
  const r = D.steps[run.steps[index]];
  return {n: index + 1, actor: r[0], event: S(r[1]), text: S(r[2]), flags: r[3] || 0, at: S(r[4] || 0), service: (r[5] || 0) - 1,
    call: r[6] || 0, believers: r[7] || [], changes: r[8] || [], version: r[9] || null, note: r[10] ? S(r[10] - 1) : '',
    operation: r[11] ? S(r[11] - 1) : ''};
}

// ---------------------------------------------------------------------------------------- the counterexample

const view = {run: -1, steps: [], cursor: 0, all: false, zoom: 1};

function openRun(number, cursor, all) {
  const run = D.runs[number];
  Object.assign(view, {run: number, cursor: cursor || 0, all: all || false, steps: run.steps.map((_, i) => stepOf(run, i))});
  const section = $('viewer');
  section.hidden = false;
  const copy = h('button', {type: 'button', onclick: () => navigator.clipboard && navigator.clipboard.writeText(run.replay).then(() => { copy.textContent = 'Copied'; }, () => {})}, 'Copy');
  const button = (id, label, title, act) => h('button', {id, type: 'button', title, onclick: act}, label);
  fill(section,
    h('h2', {}, S(run.headline)),
    h('p', {class: 'mute'}, `${S(run.property) || 'run'} in ${S(run.scenario)}: ${counted(run.faults, 'adverse event')}, ${counted(run.steps.length, 'step')}`),
    h('p', {id: 'why'}, rich(S(run.why))),
    h('p', {id: 'turn'}, rich(S(run.turn))),
    S(run.prevention) ? h('p', {id: 'prevention'}, h('b', {}, 'What would have prevented it: '), rich(S(run.prevention))) : null,
    S(run.tried) ? h('p', {id: 'tried'}, rich(S(run.tried))) : null,
    h('div', {class: 'tools', role: 'toolbar', 'aria-label': 'Steps'},
      button('first', '|◀', 'To the beginning (Home)', () => moveTo(0)),
      button('back', '◀ Back', 'Step back (←)', () => move(-1)),
      h('span', {id: 'place', 'aria-live': 'off'}),
      button('next', 'Next ▶', 'Next step (→)', () => move(1)),
      button('last', '▶|', 'To the last step (End)', () => moveTo(view.steps.length)),
      run.decisive ? button('decisive', '◆ Decisive moment', 'To the decisive moment (d)', () => moveTo(run.decisive)) : null,
      h('label', {}, h('input', {id: 'all', type: 'checkbox', checked: view.all, onchange: e => { view.all = e.target.checked; draw(); }}), 'all steps'),
      button('out', '−', 'Smaller (-)', () => zoom(1 / 1.2)), button('in', '+', 'Larger (+)', () => zoom(1.2)),
      h('span', {class: 'mute'}, h('kbd', {}, '←'), ' ', h('kbd', {}, '→'), ' step, ', h('kbd', {}, 'd'), ' decisive moment, ', h('kbd', {}, 'f'), ' all or relevant steps, ', h('kbd', {}, 'n'), ' ', h('kbd', {}, 'p'), ' next or previous counterexample')),
    h('div', {class: 'stage'}, h('div', {class: 'diagram', id: 'diagram', tabindex: '-1'}), h('div', {class: 'panel', id: 'panel', 'aria-live': 'polite'})),
    h('div', {class: 'legend', id: 'legend'}),
    h('h3', {}, 'Replay'), h('div', {class: 'replay'}, h('code', {}, run.replay), copy),
    h('p', {class: 'mute'}, 'Bounds: ' + S(run.bounds)));
  draw();
  if (view.cursor > 0) moveTo(view.cursor);
}

const isShown = step => view.all || (step.flags & (RELEVANT | FAULT)) !== 0 || step.n === D.runs[view.run].decisive || step.n === view.steps.length;

// Heights of all steps: those in rows, and the hidden ones between them.
function heights(rowHeight) {
  const y = [0];
  let shown = 0, waiting = [];
  const top = rowHeight * 0.9;
  for (const step of view.steps) {
    if (!isShown(step)) { waiting.push(step.n); continue; }
    y[step.n] = top + shown++ * rowHeight;
    waiting.forEach((n, i) => { y[n] = y[step.n] - rowHeight + rowHeight * (i + 1) / (waiting.length + 1); });
    waiting = [];
  }
  return {y, bottom: top + Math.max(0, shown - 1) * rowHeight + rowHeight * 0.8};
}

function lanesOf(run) {
  const actors = new Set(), services = new Set();
  for (const step of view.steps) {
    if (step.actor < run.actors.length) actors.add(step.actor);
    if (step.service >= 0) services.add(step.service);
    for (const change of step.changes) if (change[2] !== -1 || S(change[1])) services.add(change[0]);
  }
  const sorted = set => [...set].sort((a, b) => a - b);
  return {actors: sorted(actors), services: sorted(services)};
}

// From a list of values by step (index 0: the beginning) to bands [value, from, to].
function bands(values) {
  const out = [];
  let from = 0;
  for (let n = 1; n <= values.length; ++n) {
    if (n < values.length && values[n] === values[from]) continue;
    if (values[from]) out.push([values[from], from, n]);
    from = n;
  }
  return out;
}

// What services hold after step n; index 0: in the beginning.
function contentsAfter(n) {
  const run = D.runs[view.run];
  const held = run.beginning.map(([text, holders]) => ({text: S(text), holders}));
  for (const step of view.steps.slice(0, n)) for (const [service, text, holders] of step.changes) held[service] = {text: S(text), holders};
  return held;
}

function callsOf() {
  const calls = new Map();
  for (const step of view.steps) {
    if (!step.call) continue;
    if (!calls.has(step.call)) calls.set(step.call, []);
    calls.get(step.call).push(step);
  }
  return calls;
}

function head(x, y, towardsX, towardsY, colour) {
  const angle = Math.atan2(towardsY - y, towardsX - x), size = 7;
  const point = turn => `${(towardsX - size * Math.cos(angle + turn)).toFixed(1)},${(towardsY - size * Math.sin(angle + turn)).toFixed(1)}`;
  return s('polygon', {points: `${towardsX.toFixed(1)},${towardsY.toFixed(1)} ${point(0.42)} ${point(-0.42)}`, fill: colour});
}
const cross = (x, y) => s('path', {d: `M${x - 5} ${y - 5}l10 10m0 -10l-10 10`, stroke: 'var(--red)', 'stroke-width': 2.4, fill: 'none'});
const line = (x1, y1, x2, y2, attributes) => s('line', {x1, y1, x2, y2, ...attributes});

// One call: request, effects, response, with what became of them.
function drawCall(steps, place) {
  const group = s('g', {class: 'call', 'data-call': steps[0].call});
  const {y, actorX, serviceX} = place;
  const first = steps[0], ink = colour(first.actor), ax = actorX(first.actor), sx = serviceX(first.service);
  const side = Math.sign(sx - ax) || 1, from = ax + 6 * side, to = sx - 7 * side;
  const arrow = (x1, y1, x2, y2, style) => group.append(line(x1, y1, x2, y2, {stroke: style.ink || ink, 'stroke-width': 1.6, 'stroke-dasharray': style.dash}), head(x1, y1, x2, y2, style.ink || ink));
  const part = (x1, y1, x2, y2, share, dash) => {
    const mx = x1 + (x2 - x1) * share, my = y1 + (y2 - y1) * share;
    group.append(line(x1, y1, mx, my, {stroke: ink, 'stroke-width': 1.6, 'stroke-dasharray': dash}), cross(mx, my));
  };
  let sent = y[first.n], effect = null, answered = false;
  for (const step of steps) {
    const at = y[step.n];
    switch (step.event) {
      case 'send': sent = at; break;
      case 'effect':
        arrow(from, sent, to, at, {});
        effect = at;
        if (step.text.includes('response is lost')) { part(to, at, from, at + 14, 0.5, '4 3'); effect = null; }
        break;
      case 'late effect':
        arrow(from, sent, to, at, {dash: '2 3', ink: 'var(--red)'});
        break;
      case 'request lost': part(from, sent, to, at, 0.5); break;
      case 'server error': case 'throttled': arrow(from, sent, to, at, {}); group.append(cross(sx, at)); effect = at; break;
      case 'time-out': group.append(s('circle', {cx: ax, cy: at, r: 6, fill: 'var(--bg)', stroke: 'var(--red)', 'stroke-width': 2}), line(ax, at, ax, at - 4, {stroke: 'var(--red)', 'stroke-width': 1.6}), line(ax, at, ax + 3, at, {stroke: 'var(--red)', 'stroke-width': 1.6})); break;
      case 'response':
        if (effect !== null && !answered) arrow(to, effect, from, at, {dash: '4 3'});
        answered = true;
        break;
    }
  }
  for (const step of steps) {
    if (step.event !== 'effect' && step.event !== 'late effect') continue;
    group.append(s('circle', {cx: sx, cy: y[step.n], r: 4.5, fill: ink, stroke: 'var(--bg)', 'stroke-width': 1}));
  }
  return group;
}

// The chain of state versions: a branch of its own for each version that does not follow from the stored one.
function drawVersions(place, group) {
  const {y, versionX} = place;
  const nodes = new Map([[0, {x: versionX, y: 12, heirs: 0, label: 'before'}]]);
  let columns = 0;
  const edges = s('g', {}), marks = s('g', {});
  for (const step of view.steps) {
    if (!step.version) continue;
    const [number, base, replaced] = step.version;
    const parent = nodes.get(base) || nodes.get(0);
    const x = parent.heirs++ === 0 ? parent.x : versionX + 24 * ++columns;
    const serial = /serial (\d+)/.exec(step.text);
    const node = {x, y: y[step.n], heirs: 0, actor: step.actor, serial: serial ? serial[1] : '', lost: false};
    nodes.set(number, node);
    edges.append(s('path', {d: x === parent.x ? `M${x} ${parent.y}V${node.y}` : `M${parent.x} ${parent.y}C${parent.x} ${parent.y + 24} ${x} ${parent.y + 8} ${x} ${Math.min(node.y, parent.y + 34)}V${node.y}`, fill: 'none', stroke: 'var(--mute)', 'stroke-width': 2}));
    if (replaced !== base && nodes.has(replaced)) {
      const lost = nodes.get(replaced);
      lost.lost = true;
      edges.append(line(lost.x, lost.y, x, node.y, {stroke: 'var(--red)', 'stroke-width': 1.8, 'stroke-dasharray': '2 3'}));
      marks.append(s('text', {x: x + 14, y: node.y + 16, style: 'fill:var(--red);font-size:10px'}, 'overwrites ' + replaced));
    }
  }
  for (const [number, node] of nodes) {
    const ink = number === 0 ? 'var(--mute)' : colour(node.actor);
    marks.append(s('circle', {cx: node.x, cy: node.y, r: 9, fill: 'var(--bg)', stroke: ink, 'stroke-width': 2.4}),
      s('text', {x: node.x, y: node.y + 4, 'text-anchor': 'middle'}, String(number)),
      s('text', {x: node.x + 13, y: node.y + 4, style: 'font-size:10px'}, number === 0 ? 'before' : node.serial ? 'serial ' + node.serial : 'state'));
    if (node.lost) marks.append(line(node.x - 10, node.y + 7, node.x + 10, node.y - 7, {stroke: 'var(--red)', 'stroke-width': 2}));
  }
  group.append(edges, marks);
  return columns;
}

function drawLifelines(place, group) {
  const {y, bottom, actorX, lanes} = place;
  for (const actor of lanes.actors) {
    let from = 0, mode = 'live';
    const x = actorX(actor);
    const until = (to, next) => {
      group.append(line(x, from, x, to, {stroke: mode === 'gone' ? 'var(--line)' : colour(actor), 'stroke-width': mode === 'gone' ? 1 : 2, 'stroke-dasharray': mode === 'frozen' ? '2 5' : mode === 'gone' ? '1 6' : null}));
      from = to; mode = next;
    };
    for (const step of view.steps) {
      if (step.actor !== actor) continue;
      if (step.event === 'crash') { until(y[step.n], 'gone'); group.append(cross(x, y[step.n])); }
      else if (step.event === 'pause') until(y[step.n], 'frozen');
      else if (step.event === 'resume') until(y[step.n], 'live');
      else if (step.note === 'ends') { until(y[step.n], 'gone'); group.append(line(x - 7, y[step.n], x + 7, y[step.n], {stroke: colour(actor), 'stroke-width': 2.4})); }
    }
    until(bottom, mode);
  }
}

// Who believes to hold the lock (on the actors' lanes), and whom the record names (on the services').
function drawBands(place, group) {
  const {y, bottom, actorX, serviceX, lanes, left, right} = place;
  const height = n => n > view.steps.length ? bottom : n === 0 ? 0 : y[n];
  const end = n => n > view.steps.length ? bottom : y[n];
  const count = [0];
  for (const step of view.steps) count.push(step.believers.length > 1 ? 1 : 0);
  for (const [, from, to] of bands(count)) group.append(s('rect', {x: left, y: height(from), width: right - left, height: Math.max(3, end(to) - height(from)), fill: 'var(--red)', opacity: 0.1}, s('title', {}, 'two believe that they hold the lock')));
  for (const actor of lanes.actors) {
    const values = [0, ...view.steps.map(step => step.believers.includes(actor) ? 1 : 0)];
    for (const [, from, to] of bands(values)) group.append(s('rect', {class: 'belief', x: actorX(actor) - 15, y: height(from), width: 30, height: Math.max(3, end(to) - height(from)), rx: 4, fill: colour(actor), opacity: 0.2}, s('title', {}, 'believes that it holds the lock')));
  }
  const names = D.runs[view.run].actors;
  for (const service of lanes.services) {
    group.append(line(serviceX(service), 0, serviceX(service), bottom, {stroke: 'var(--line)', 'stroke-width': 5}));
    let now = D.runs[view.run].beginning[service][1];
    const values = [now === -1 ? '' : now.join()];
    for (const step of view.steps) {
      for (const change of step.changes) if (change[0] === service) now = change[2];
      values.push(now === -1 ? '' : now.join());
    }
    for (const [holders, from, to] of bands(values)) {
      holders.split(',').map(Number).forEach((holder, i, all) => {
        const width = 14 / all.length;
        group.append(s('rect', {class: 'lock', x: serviceX(service) - 7 + i * width, y: height(from), width, height: Math.max(3, end(to) - height(from)), fill: colour(holder), opacity: 0.75}, s('title', {}, `lock of ${S(names[holder])}, by the record of ${S(D.runs[view.run].services[service])}`)));
      });
    }
  }
}

function draw() {
  const run = D.runs[view.run], z = view.zoom, rowHeight = Math.round(34 * z), lane = Math.round((72 + 7 * Math.max(0, Math.max(...[...run.actors, ...run.services].map(name => S(name).length)) - 9)) * z), gutter = view.steps.some(step => step.at !== '0s') ? 84 : 50;
  const lanes = lanesOf(run), box = $('diagram');
  const {y, bottom} = heights(rowHeight);
  const actorX = actor => gutter + lane * (lanes.actors.indexOf(actor) + 0.5);
  const serviceX = service => gutter + lane * (lanes.actors.length + lanes.services.indexOf(service) + 0.5) + 10;
  const right = gutter + lane * (lanes.actors.length + lanes.services.length) + 14;
  const place = {y, bottom, actorX, serviceX, lanes, left: gutter, right, versionX: right + 22};
  const ground = s('g'), front = s('g');
  drawBands(place, ground);
  drawLifelines(place, ground);
  for (const steps of callsOf().values()) front.append(drawCall(steps, place));
  for (const step of view.steps) if (!step.call && step.actor < run.actors.length && isShown(step) && step.event !== 'crash') front.append(s('circle', {cx: actorX(step.actor), cy: y[step.n], r: 4, fill: step.flags & FAULT ? 'var(--red)' : colour(step.actor)}));
  const hasVersions = view.steps.some(step => step.version);
  const columns = hasVersions ? drawVersions(place, front) : 0;
  const textX = right + (hasVersions ? (columns ? 104 : 84) + 24 * columns : 16), size = `width:100%;min-width:${textX + 300}px`;
  if (run.decisive) front.append(line(gutter, y[run.decisive] + rowHeight / 2 - 1, textX, y[run.decisive] + rowHeight / 2 - 1, {stroke: 'var(--amber)', 'stroke-width': 2, 'stroke-dasharray': '7 4'}));
  const svg = s('svg', {width: textX, height: bottom, role: 'img', 'aria-label': 'Space-time diagram: ' + S(run.headline)}, ground, front);
  const heads = h('div', {class: 'heads', style: size},
    lanes.actors.map(actor => h('span', {style: `left:${actorX(actor) - lane / 2 - 4}px;width:${lane + 8}px;color:${colour(actor)}`, title: run.commands.length ? S(run.commands[actor]) : ''}, S(run.actors[actor]), run.commands.length ? h('small', {}, S(run.commands[actor])) : null)),
    lanes.services.map(service => h('span', {style: `left:${serviceX(service) - lane / 2 - 4}px;width:${lane + 8}px`}, S(run.services[service]), h('small', {}, 'service'))),
    hasVersions ? h('span', {style: `left:${right + 2}px;width:${76 + 24 * columns}px;text-align:left`}, 'state', h('small', {}, 'versions')) : null,
    h('span', {style: `left:${textX}px;width:300px;text-align:left`}, 'what happens'));
  const rows = view.steps.filter(isShown).map(step => row(step, run, y[step.n], rowHeight, textX));
  fill(box, heads, h('div', {class: 'plot', style: `${size};height:${bottom}px`}, rows, svg, h('div', {class: 'later', id: 'later', hidden: true})));
  view.y = y; view.rowHeight = rowHeight; view.bottom = bottom;
  drawLegend(run, lanes);
  show(false);
}

function row(step, run, y, rowHeight, textX) {
  const isLast = step.n === view.steps.length && S(run.property), isTurn = step.n === run.decisive;
  const who = step.actor < run.actors.length ? h('b', {style: 'color:' + colour(step.actor)}, S(run.actors[step.actor]) + ' ') : null;
  return h('button', {type: 'button', class: 'row' + (step.flags & FAULT ? ' hot' : isTurn ? ' turn' : ''), 'data-step': step.n, style: `top:${y - rowHeight / 2}px;height:${rowHeight}px;line-height:${rowHeight}px`, onclick: () => moveTo(step.n), title: step.text},
    h('span', {class: 'n'}, String(step.n)), h('span', {class: 't'}, step.at === '0s' ? '' : step.at),
    h('span', {class: 'x', style: `left:${textX}px`},
      step.flags & FAULT ? h('span', {class: 'tag f'}, '⚡ adverse event') : null, isTurn ? h('span', {class: 'tag d'}, '◆ decisive') : null,
      isLast ? h('span', {class: 'tag v'}, '✗ violated') : null, who, step.text, step.note ? h('span', {class: 'mute'}, ' · ' + step.note) : null));
}

function drawLegend(run, lanes) {
  const icon = (...shapes) => s('svg', {width: 34, height: 14}, ...shapes);
  const item = (shape, text) => h('span', {}, shape, text);
  fill($('legend'),
    item(icon(line(0, 7, 27, 7, {stroke: 'var(--c0)', 'stroke-width': 1.6}), head(0, 7, 33, 7, 'var(--c0)')), 'request, up to its effect'),
    item(icon(line(0, 7, 27, 7, {stroke: 'var(--c0)', 'stroke-width': 1.6, 'stroke-dasharray': '4 3'}), head(0, 7, 33, 7, 'var(--c0)')), 'response'),
    item(icon(line(0, 7, 27, 7, {stroke: 'var(--red)', 'stroke-width': 1.6, 'stroke-dasharray': '2 3'}), head(0, 7, 33, 7, 'var(--red)')), 'late request'),
    item(icon(cross(17, 7)), 'lost or killed'),
    item(icon(s('rect', {x: 2, y: 0, width: 30, height: 14, fill: 'var(--c0)', opacity: 0.2})), 'believes that it holds the lock'),
    item(icon(s('rect', {x: 10, y: 0, width: 14, height: 14, fill: 'var(--c0)', opacity: 0.75})), 'lock by the service’s record, in its holder’s colour'),
    item(icon(s('rect', {x: 0, y: 0, width: 34, height: 14, fill: 'var(--red)', opacity: 0.14})), 'two believe so at once'));
}

// ---------------------------------------------------------------------------------------- stepping

function move(by) {
  let n = view.cursor + by;
  while (n > 0 && n <= view.steps.length && !isShown(view.steps[n - 1])) n += by;
  moveTo(n);
}
function moveTo(n) {
  view.cursor = Math.max(0, Math.min(view.steps.length, n));
  if (view.cursor > 0 && !isShown(view.steps[view.cursor - 1])) { view.all = true; $('all').checked = true; draw(); }
  show(true);
}
function zoom(by) { view.zoom = Math.max(0.6, Math.min(2.4, view.zoom * by)); draw(); }

// Marked old and new: parts of "a: x; b: y" that differ.
function difference(before, after) {
  const old = new Map(before.split('; ').map(part => part.split(': ')).map(([name, ...rest]) => [name, rest.join(': ')]));
  return after.split('; ').filter(part => part).map(part => {
    const [name, ...rest] = part.split(': '), now = rest.join(': '), was = old.get(name);
    return was === now ? h('dd', {class: 'was'}, `${name}: ${now}`) : h('dd', {class: 'is'}, `${name}: `, was !== undefined ? h('del', {}, was) : null, was !== undefined ? ' → ' : null, h('ins', {}, now));
  });
}

function lockLine(run, held) {
  const keepers = held.map((item, i) => [item, i]).filter(([item]) => item.holders !== -1);
  if (keepers.length === 0) return ['no service keeps a lock'];
  return keepers.map(([item, i]) => `${S(run.services[i])}: ${item.holders.length ? item.holders.map(actor => S(run.actors[actor])).join(', ') : 'nobody'}`);
}

function show(scroll) {
  const run = D.runs[view.run], n = view.cursor, step = n > 0 ? view.steps[n - 1] : null;
  $('place').textContent = n === 0 ? `beginning of ${view.steps.length} steps` : `step ${n} of ${view.steps.length}`;
  $('first').disabled = $('back').disabled = n === 0;
  $('last').disabled = $('next').disabled = n === view.steps.length;
  const box = $('diagram');
  for (const old of box.querySelectorAll('[aria-current]')) old.removeAttribute('aria-current');
  for (const call of box.querySelectorAll('.call')) call.classList.toggle('now', step !== null && call.dataset.call === String(step.call));
  const current = box.querySelector(`.row[data-step="${n}"]`), later = $('later');
  later.hidden = n === 0 || n === view.steps.length;
  if (step) {
    const top = view.y[n] + view.rowHeight / 2;
    later.style.top = top + 'px';
    later.style.height = Math.max(0, view.bottom - top) + 'px';
  }
  if (current) {
    current.setAttribute('aria-current', 'step');
    if (scroll) {
      const top = current.offsetTop + 46, margin = view.rowHeight * 2;
      if (top - margin < box.scrollTop + 46) box.scrollTop = top - margin - 46;
      if (top + margin + view.rowHeight > box.scrollTop + box.clientHeight) box.scrollTop = top + margin + view.rowHeight - box.clientHeight;
    }
  } else if (scroll) box.scrollTop = 0;
  const before = contentsAfter(Math.max(0, n - 1)), after = contentsAfter(n);
  const services = run.services.map((name, i) => [S(name), before[i], after[i], i]).filter(([, was, is]) => was.text || is.text);
  services.sort((a, b) => (b[1].text !== b[2].text) - (a[1].text !== a[2].text) || a[3] - b[3]);
  const who = step && step.actor < run.actors.length ? S(run.actors[step.actor]) : step ? 'time' : '';
  const believers = step ? step.believers.map(actor => S(run.actors[actor])) : [];
  fill($('panel'),
    h('h3', {}, step ? [h('span', {class: 'dot', style: 'background:' + colour(step.actor < run.actors.length ? step.actor : -1)}), `Step ${n}: ${who}`] : 'Before the first step'),
    step ? h('p', {class: 'mute'}, [step.event, step.service >= 0 ? S(run.services[step.service]) : '', step.operation, step.at === '0s' ? '' : 'at ' + step.at].filter(Boolean).join(' · ')) : h('p', {class: 'mute'}, 'Step with the arrow keys, or choose a row.'),
    step ? h('p', {class: 'say'}, step.text) : null,
    step && step.note ? h('p', {}, h('b', {}, step.note)) : null,
    step && step.flags & FAULT ? h('p', {}, h('span', {class: 'chip violated'}, '⚡ an adverse event')) : null,
    n > 0 && n === run.decisive ? h('p', {}, h('span', {class: 'chip unknown'}, '◆ decisive moment'), n === view.steps.length ? '' : ' After this step nothing can prevent the violation any more.') : null,
    n > 0 && n === view.steps.length && S(run.property) ? h('p', {}, h('span', {class: 'chip violated'}, '✗ ' + S(run.property)), ' ' + S(run.headline)) : null,
    step && step.version ? h('p', {}, `Writes version ${step.version[0]} of the state, based on version ${step.version[1]}`, step.version[1] !== step.version[2] ? h('b', {}, `; it replaces version ${step.version[2]}, which its writer had not read`) : '', '.') : null,
    h('h4', {}, 'Who has the lock'),
    h('ul', {class: 'lock'}, lockLine(run, after).map(text => h('li', {}, text)), h('li', {}, 'believe to hold it: ' + (believers.length ? believers.join(', ') : 'nobody'), believers.length > 1 ? h('b', {style: 'color:var(--red)'}, ' (both at once)') : null)),
    h('h4', {}, step ? 'What services hold, before and after' : 'What services hold'),
    h('dl', {id: 'contents'}, services.map(([name, was, is]) => [h('dt', {}, name, was.text === is.text ? h('span', {class: 'mute'}, step ? ' (unchanged)' : '') : ''), difference(was.text, is.text)])));
  try { history.replaceState(null, '', `#run=${view.run}&step=${n}${view.all ? '&all=1' : ''}`); } catch { /* some viewers forbid it */ }
}

// ---------------------------------------------------------------------------------------- the overview

function runButton(number) {
  const run = D.runs[number];
  return h('button', {type: 'button', class: 'open', 'data-run': number, onclick: () => { openRun(number); $('viewer').scrollIntoView({block: 'start'}); }}, `${counted(run.faults, 'adverse event')}, ${counted(run.steps.length, 'step')} ▸`);
}

function resultCard(result) {
  return h('div', {class: 'card'},
    h('h2', {}, result.scenario + ' ', chip(result.verdict)),
    h('p', {}, result.summary, result.description ? h('span', {class: 'mute'}, ' ' + result.description) : ''),
    result.why ? h('p', {}, result.why) : null,
    h('ul', {class: 'verdicts'}, result.properties.map(([name, verdict, run]) => h('li', {}, h('span', {}, S(name)), chip(S(verdict)), run === null ? '' : runButton(run)))),
    h('p', {class: 'mute'}, 'Bounds: ' + result.bounds + '.', result.coverage ? ' Explored: ' + result.coverage + '.' : ''),
    result.details ? h('pre', {}, result.details) : null);
}

// Configurations [what happens in it, verdict, states, complete] as a table.
function configurations(list) {
  return h('div', {class: 'scroll'}, h('table', {}, h('thead', {}, h('tr', {}, h('th', {}, '#'), h('th', {}, 'with'), h('th', {}, 'outcome'), h('th', {}, 'states'))),
    h('tbody', {}, list.map(([name, outcome, states, complete], i) => h('tr', {}, h('td', {class: 'mute'}, String(i + 1)), h('td', {}, S(name)), h('td', {class: S(outcome)}, S(outcome)), h('td', {}, String(states).replace(/\B(?=(\d{3})+$)/g, '\u202f'), complete ? '' : ' (not complete)'))))));
}

const GRADES = ['critical', 'high', 'medium', 'low', 'info'];
const gradeOf = audit => GRADES.find(grade => audit.graded.some(finding => !finding[3] && S(finding[2]) === grade)) || 'none';

// What a rule means stands at the end of the page; whoever points at its id is told at once.
const RULES = new Map((D.rules || []).map(([id, title, what, likely, harm]) => [S(id), {title: S(title), what: S(what), likely: S(likely), harm: S(harm)}]));
function ruleLink(id) {
  const rule = RULES.get(id);
  return h('a', {href: '#rule-' + id, class: 'rule', title: rule ? `${rule.title}. ${rule.what}` : null}, id);
}
const rulesCard = () => RULES.size === 0 ? null : h('div', {class: 'card', id: 'rules'}, h('h2', {}, 'What the rules mean'),
  h('dl', {class: 'rules'}, [...RULES].map(([id, rule]) => [h('dt', {id: 'rule-' + id}, `${id}: ${rule.title}`), h('dd', {}, rule.what, h('br'), h('span', {class: 'mute'}, `It takes: ${rule.likely}. What it does: ${rule.harm}.`))])));

function findingLine([rule, property, grade, inherent, sentence, run]) {
  return h('li', {class: 'finding', 'data-grade': inherent ? 'inherent' : S(grade)},
    h('span', {class: 'chip ' + (inherent ? 'info' : S(grade))}, inherent ? 'inherent' : S(grade)), ruleLink(S(rule)), h('span', {class: 'mute'}, S(property)),
    run === null ? '' : runButton(run), h('p', {}, S(sentence)));
}

function auditBody(audit) {
  const list = (title, items) => items.length ? [h('h3', {}, title), h('ul', {}, items.map(item => h('li', {}, rich(item))))] : null;
  return [
    h('ul', {class: 'findings'}, audit.graded.map(findingLine)),
    list('What to change', audit.advice), list('Taken for granted', audit.assumptions),
    audit.states.length > 1 ? list(counted(audit.states.length, 'state'), audit.states) : null,
    h('details', {}, h('summary', {}, 'Each property'), h('ul', {class: 'verdicts wide'}, audit.findings.map(([name, verdict, reason]) => h('li', {}, h('span', {}, S(name)), chip(S(verdict)), h('span', {class: 'mute'}, S(reason)))))),
    h('details', {}, h('summary', {}, counted(audit.configurations.length, 'configuration') + ', each explored in full unless it says otherwise'), configurations(audit.configurations)),
    h('p', {class: 'mute'}, audit.coverage)];
}

const premised = audit => audit.premise ? [', if ', audit.premise] : '';

function auditCard(audit) {
  return h('div', {class: 'card'}, h('h2', {}, audit.path + ' ', chip(audit.verdict), premised(audit)), h('p', {}, audit.summary), auditBody(audit));
}

// Hazards [rule, title, grade, sentence, on the backend, causes, fix, standing] of the pipeline, worst first.
function pipelineCard(hazards) {
  return h('div', {class: 'card', id: 'pipeline'}, h('h2', {}, 'The pipeline'),
    hazards.length === 0 ? h('p', {}, 'No hazard is in the CI files.') : h('ul', {class: 'findings'}, hazards.map(([rule, title, grade, sentence, backend, causes, fix, standing]) => h('li', {class: 'finding', 'data-grade': grade},
      h('span', {class: 'chip ' + grade}, grade), h('span', {class: 'rule'}, rule), h('span', {class: 'mute'}, `${title}; ${standing}`), h('p', {}, sentence), backend ? h('p', {}, backend) : '',
      h('ul', {}, causes.map(cause => h('li', {}, rich(cause)))), h('p', {}, h('b', {}, 'To change: '), rich(fix))))));
}

// A state of a pipeline: who comes to it, and a grid of which two can be there at once.
function pipelineState({place, lock, runs, grid, more}) {
  const why = h('p', {class: 'mute', role: 'status'}, 'Point at a field, or go there with the tabulator: it says why.');
  const marks = ['apart', 'at once', 'one reads'], kinds = ['held', 'violated', 'unknown'];
  const field = (i, k) => {
    const [kind, reason] = grid[i][k], told = `${i + 1} and ${i === k ? 'another ' : ''}${k + 1}: ${reason}`;
    return h('td', {class: 'c'}, h('button', {type: 'button', class: kinds[kind], title: told, onclick: () => { why.textContent = told; }, onfocus: () => { why.textContent = told; }, onmouseenter: () => { why.textContent = told; }}, marks[kind]));
  };
  return h('div', {class: 'card state'}, h('h2', {}, place), lock ? h('p', {}, lock) : null,
    h('div', {class: 'scroll'}, h('table', {class: 'matrix'}, h('thead', {}, h('tr', {}, h('th', {}, '#'), h('th', {}, 'who'), h('th', {}, 'when'), h('th', {}, 'does'), h('th', {}, 'kept apart by'), runs.map((_, k) => h('th', {}, String(k + 1))))),
      h('tbody', {}, runs.map(([name, where, when, what, groups], i) => h('tr', {}, h('th', {}, String(i + 1)), h('td', {title: where}, name), h('td', {}, when), h('td', {}, what), h('td', {}, rich(groups)), runs.map((__, k) => field(i, k))))))),
    why, more ? h('p', {class: 'mute'}, `${counted(more, 'more kind')} of run: --json has them all.`) : null,
    h('details', {}, h('summary', {}, 'What a cancel does'), h('ul', {}, runs.map(([name, , , , , chain], i) => h('li', {}, `${i + 1}, ${name}: ${chain}.`)))));
}

// Many set-ups: how many findings of each grade there are, and a line for each set-up, which opens.
function auditsCard(audits) {
  const order = audits.map((audit, i) => ({audit, i, rank: GRADES.concat('none').indexOf(gradeOf(audit))})).sort((a, b) => a.rank - b.rank || a.i - b.i);
  const states = new Set(audits.flatMap(audit => audit.states));
  const search = h('input', {type: 'search', id: 'search', placeholder: 'state or backend…', 'aria-label': 'States or backends whose name contains', oninput: () => filter()});
  const shown = h('span', {class: 'mute', id: 'shown', role: 'status'});
  let wanted = '';
  const count = grade => audits.filter(audit => gradeOf(audit) === grade).length;
  const buttons = GRADES.concat('none').filter(count).map(grade => h('button', {type: 'button', class: 'grade', 'data-grade': grade, 'aria-pressed': 'false', onclick: () => { wanted = wanted === grade ? '' : grade; filter(); }},
    h('span', {class: 'chip ' + grade}, grade === 'none' ? 'no findings' : grade), ' ' + count(grade)));
  const lines = order.map(({audit}) => {
    const body = h('div', {class: 'body'});
    const line = h('details', {class: 'card line', ontoggle: () => { if (line.open && !body.hasChildNodes()) body.append(...some(auditBody(audit))); }},
      h('summary', {}, h('span', {class: 'chip ' + gradeOf(audit)}, gradeOf(audit) === 'none' ? 'no findings' : gradeOf(audit)), ' ', h('b', {}, audit.summary), premised(audit), ' ', h('span', {class: 'mute'}, counted(audit.states.length, 'state') + ': ' + audit.states.slice(0, 3).join(', ') + (audit.states.length > 3 ? ', …' : ''))), body);
    return {audit, line};
  });
  function filter() {
    const text = search.value.trim().toLowerCase();
    let n = 0;
    for (const {audit, line} of lines) {
      const fits = (!wanted || gradeOf(audit) === wanted) && (!text || [audit.summary, ...audit.states].some(name => name.toLowerCase().includes(text)));
      line.hidden = !fits;
      n += fits ? 1 : 0;
    }
    for (const button of buttons) button.setAttribute('aria-pressed', String(button.dataset.grade === wanted));
    shown.textContent = `${n} of ${counted(lines.length, 'set-up')}`;
  }
  filter();
  return h('div', {}, h('h2', {}, `${counted(states.size, 'state')}, ${counted(audits.length, 'set-up')}`), h('div', {class: 'tools'}, buttons, search, shown), lines.map(({line}) => line));
}

// Two configurations: what comes, goes and stays, and which ways of rolling out are safe.
function comparedFinding([change, ...finding]) {
  const line = findingLine(finding);
  line.prepend(h('span', {class: 'chip change ' + S(change).replace(' ', '-')}, S(change)), ' ');
  line.dataset.change = S(change);
  return line;
}
const safetyClass = word => ({safe: 'held', 'no worse': 'held', unsafe: 'violated'}[word] || 'unknown');

function pairCard(pair) {
  const changed = pair.findings.filter(finding => S(finding[0]) !== 'stays'), same = pair.findings.filter(finding => S(finding[0]) === 'stays');
  return h('div', {class: 'card'}, h('h2', {}, pair.states.slice(0, 3).join(', ') + (pair.states.length > 3 ? `, and ${pair.states.length - 3} more` : '')),
    h('p', {}, h('b', {}, 'A '), pair.a, h('br'), h('b', {}, 'B '), pair.b), h('p', {}, pair.sentence),
    changed.length ? h('ul', {class: 'findings'}, changed.map(comparedFinding)) : null,
    same.length ? h('details', {}, h('summary', {}, counted(same.length, 'finding') + ' that stay'), h('ul', {class: 'findings'}, same.map(comparedFinding))) : null,
    pair.crossings.length ? [h('h3', {}, 'On the way'), h('ul', {class: 'verdicts wide'}, pair.crossings.map(([text, word, run]) => h('li', {}, h('span', {}, S(text)), h('span', {class: 'chip ' + safetyClass(S(word))}, S(word)), run === null ? h('span') : runButton(run))))] : null,
    pair.orders.length ? [h('h3', {}, 'Roll out'), h('ol', {}, pair.orders.map(([text, word, best]) => h('li', {}, best ? h('b', {}, text) : text, ' ', h('span', {class: 'chip ' + safetyClass(word)}, word), best ? ' the best of them' : '')))] : null);
}

const comparedCards = compared => [h('h2', {}, compared.names), ...compared.pairs.map(pairCard),
  compared.only.length ? h('div', {class: 'card'}, h('ul', {}, compared.only.map(line => h('li', {}, line)))) : null].filter(Boolean);

// On paper nothing can be opened: every counterexample follows, as a table of the steps that matter.
function printAll() {
  const section = $('paper');
  if (section.hasChildNodes()) return;
  section.append(...D.runs.map((run, number) => h('article', {}, h('h2', {}, `${number + 1}. ${S(run.property)}: ${S(run.headline)}`), h('p', {}, rich(S(run.why))),
    h('table', {}, h('thead', {}, h('tr', {}, h('th', {}, 'step'), h('th', {}, 'who'), h('th', {}, 'what'))),
      h('tbody', {}, run.steps.map((_, i) => stepOf(run, i)).filter(step => (step.flags & (RELEVANT | FAULT)) !== 0 || step.n === run.decisive || step.n === run.steps.length).map(step =>
        h('tr', {}, h('td', {}, String(step.n)), h('td', {}, step.actor < 0 ? 'time' : run.actors[step.actor]), h('td', {}, step.text))))),
    h('p', {}, h('code', {}, run.replay)))));
}

// The matrix: a row for each backend and tool, a cell for each property [text, verdict, reason, run]; null: means nothing there.
function matrixCard(matrix) {
  const search = h('input', {type: 'search', id: 'search', placeholder: 'backend…', 'aria-label': 'Backends whose name contains', oninput: () => filter()});
  const tool = h('select', {id: 'tool', 'aria-label': 'Tool', onchange: () => filter()}, h('option', {value: ''}, 'both tools'), [...new Set(matrix.rows.map(row => S(row.tool)))].map(name => h('option', {value: name}, name)));
  const only = h('input', {type: 'checkbox', id: 'only', onchange: () => filter()});
  const shown = h('span', {class: 'mute', id: 'shown'});
  const rows = matrix.rows.map((row, i) => h('tr', {}, h('th', {scope: 'row'}, S(row.backend)), h('td', {class: 'mute'}, S(row.tool)),
    row.cells.map((cell, k) => h('td', {class: 'c'}, cell === null ? h('span', {class: 'mute'}, '–') : h('button', {type: 'button', class: S(cell[1]), 'aria-pressed': 'false', title: S(matrix.columns[k]) + ': ' + S(cell[1]), onclick: event => openCell(matrix, i, k, event.currentTarget)}, S(cell[0]))))));
  function filter() {
    let count = 0;
    matrix.rows.forEach((row, i) => {
      const fits = S(row.backend).includes(search.value.trim().toLowerCase()) && (!tool.value || S(row.tool) === tool.value) && (!only.checked || row.cells.some(cell => cell && S(cell[1]) === 'violated'));
      rows[i].hidden = !fits;
      count += fits ? 1 : 0;
    });
    shown.textContent = `${count} of ${rows.length} rows`;
  }
  filter();
  return h('div', {},
    h('h2', {}, 'Backends and properties ', chip(matrix.verdict)), h('p', {class: 'mute'}, matrix.explanation + ' ' + matrix.coverage),
    h('div', {class: 'tools'}, search, tool, h('label', {}, only, 'only rows with violations'), shown),
    h('div', {class: 'scroll matrix'}, h('table', {}, h('thead', {}, h('tr', {}, h('th', {}, 'backend'), h('th', {}, 'tool'), matrix.columns.map(name => h('th', {}, S(name))))), h('tbody', {}, rows))));
}

function openCell(matrix, i, k, button) {
  for (const other of document.querySelectorAll('.matrix button[aria-pressed=true]')) other.setAttribute('aria-pressed', 'false');
  button.setAttribute('aria-pressed', 'true');
  const row = matrix.rows[i], [, verdict, reason, run] = row.cells[k], section = $('cell');
  section.hidden = false;
  fill(section, h('div', {class: 'card'}, h('h2', {}, `${S(row.backend)}, ${S(row.tool)}: ${S(matrix.columns[k])} `, chip(S(verdict)), ' ', h('button', {type: 'button', id: 'up', onclick: () => { button.scrollIntoView({block: 'center'}); button.focus(); }}, '▲ matrix')), h('p', {}, S(reason)),
    h('details', {open: run === null}, h('summary', {}, counted(row.configurations.length, 'configuration') + ' of this row'), configurations(row.configurations))));
  if (run === null) { $('viewer').hidden = true; view.run = -1; } else openRun(run);
  section.scrollIntoView({block: 'start'});
}

function overview() {
  const section = $('overview');
  if (D.complaints) section.append(h('div', {class: 'card'}, h('h2', {}, 'Could not be answered'), h('pre', {}, D.complaints.join('\n'))));
  if (D.audits) section.append(D.audits.length === 1 ? auditCard(D.audits[0]) : auditsCard(D.audits));
  if (D.pipeline_states) section.append(...D.pipeline_states.map(pipelineState));
  if (D.pipeline) section.append(pipelineCard(D.pipeline));
  if (D.compared) section.append(...comparedCards(D.compared));
  if (D.left_out) section.append(h('details', {class: 'card'}, h('summary', {}, 'Left out: ' + D.left_out.length), h('ul', {}, D.left_out.map(([name, why]) => h('li', {}, name, h('span', {class: 'mute'}, ` (${why})`))))));
  const rules = rulesCard();
  if (rules) $('glossary').append(rules);
  if (D.matrix) section.append(matrixCard(D.matrix));
  if (D.results) section.append(...D.results.map(resultCard));
  if (D.judged) showHistories(D.judged, section);
  if (D.evidence) showEvidence(D.evidence, section);
  $('what').append(D.command);
  $('foot').textContent = D.tool + (D.evidence ? '. What is confirmed happened on these processes, as often as it was tried.' : D.judged ? '. A verdict is about what was recorded, and nothing else.' : '. Every verdict holds within the bounds that stand beside it.');
}

// ---------------------------------------------------------------------------------------- the page

function theme(name) { document.documentElement.dataset.theme = name; }
theme(matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', e => theme(e.matches ? 'dark' : 'light'));
$('theme').addEventListener('click', () => theme(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark'));

// Another counterexample; what a cell of the matrix said is about the one before.
function turnTo(run) { $('cell').hidden = true; openRun(run % D.runs.length); }

document.addEventListener('keydown', event => {
  if (view.run < 0 || event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== 'checkbox') return;
  const act = {ArrowRight: () => move(1), ArrowLeft: () => move(-1), j: () => move(1), k: () => move(-1), Home: () => moveTo(0), End: () => moveTo(view.steps.length),
    d: () => D.runs[view.run].decisive && moveTo(D.runs[view.run].decisive), f: () => { view.all = !view.all; $('all').checked = view.all; draw(); },
    n: () => turnTo(view.run + 1), p: () => turnTo(view.run + D.runs.length - 1), '+': () => zoom(1.2), '-': () => zoom(1 / 1.2)}[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

overview();
addEventListener('beforeprint', printAll);
const asked = new URLSearchParams(location.hash.slice(1));
if (asked.has('run') && D.runs[Number(asked.get('run'))]) openRun(Number(asked.get('run')), Number(asked.get('step')) || 0, asked.has('all'));
else if (D.runs.length > 0 && !D.matrix && !D.audits && !D.compared) openRun(0);
document.documentElement.dataset.ready = '1';
