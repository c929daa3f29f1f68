'use strict';
// Draws recorded histories, as reports/judge/judge_page.cpp writes them: a lane for each lock and each process, bars and bands to scale.

const GAP = 112, LANE = 44, BAR = 24, MOST_PIXELS = 40000;
const OUTCOMES = [['ok', 'ok', ''], ['failed', 'failed', 'failed: '], ['open', 'result unknown', '']];
const thousands = n => String(n).replace(/\B(?=(\d{3})+$)/g, '\u202f');

function operationOf(row, i) {
  const [process, f, key, asked, answered, outcome, line, answerLine, from, to, fromTime, toTime] = row;
  return {i, process, f: S(f), key: S(key), asked: S(asked), answered: S(answered), outcome, line, answerLine, from, to, fromTime, toTime, findings: []};
}

// ---------------------------------------------------------------------------------------- the scale

const SECOND = 1e9, MINUTE = 60e9, HOUR = 3600e9;
const UNITS = [[1, 'ns'], [1e3, 'µs'], [1e6, 'ms'], [SECOND, 's'], [MINUTE, 'min'], [HOUR, 'h']];

const STEPS = [...[...Array(10).keys()].flatMap(power => [1, 2, 5].map(digit => digit * 10 ** power)), ...[10, 20, 30].map(n => n * SECOND), ...[1, 2, 5, 10, 20, 30].map(n => n * MINUTE)];
// The least round step of at least that many events, or nanoseconds.
function roundCount(least) {
  for (let power = 1; ; power *= 10) for (const digit of [1, 2, 5]) if (digit * power >= least) return digit * power;
}
const roundTime = least => STEPS.find(step => step >= least) || roundCount(least / HOUR) * HOUR;

// A moment on the axis, in the largest unit in which a step is not too small a fraction: 1.5 ms.
function timeText(time, step) {
  const [size, name] = UNITS.filter(([size]) => size <= Math.max(time, step) && (size <= SECOND ? step / size >= 1e-3 : step >= size)).pop() || UNITS[0];
  const [whole, part] = (time / size).toFixed(3).split('.');
  return thousands(whole) + (Number(part) ? '.' + part.replace(/0+$/, '') : '') + '\u202f' + name;
}
// A moment by itself, to six digits.
function exact(time) {
  if (time === 0) return '0\u202fs';
  const [size, name] = UNITS.filter(([size]) => size <= Math.min(time, SECOND)).pop() || UNITS[0];
  const [whole, part] = String(Number((time / size).toPrecision(6))).split('.');
  return thousands(whole) + (part ? '.' + part : '') + '\u202f' + name;
}

// Pixels of moments: all parts to one scale, gaps of one width.
function scaleOf(file, byTime, left, width, zoom) {
  const at = byTime ? part => [part[2], part[3]] : part => [part[0] - 0.5, part[1] + 0.5];
  const parts = file.parts.map(at);
  const length = parts.reduce((sum, [from, to]) => sum + to - from, 0) || 1;
  const gaps = file.parts.map((part, i) => i > 0 || part[4] > 0 ? GAP : 0);
  const after = file.left_out_after ? GAP : 0;
  const free = Math.max(200, width - left - 24 - gaps.reduce((a, b) => a + b, 0) - after);
  const perUnit = Math.min(free * zoom, MOST_PIXELS) / length;
  let x = left + 8;
  const placed = parts.map(([from, to], i) => {
    const gap = x;
    x += gaps[i];
    const start = x;
    x += (to - from) * perUnit;
    return {from, to, gap, start, end: x};
  });
  return {perUnit, placed, byTime, end: x, width: x + after + 16,
    x(value) {
      for (const part of placed) {
        if (value < part.from) return (part.gap + part.start) / 2;
        if (value <= part.to) return part.start + (value - part.from) * perUnit;
      }
      return x + after / 2;
    }};
}

// ---------------------------------------------------------------------------------------- one history

function historyOf(file) {
  const operations = file.operations.map(operationOf);
  for (const key of file.keys) for (const finding of key.findings) for (const i of finding[5]) operations[i].findings.push(finding);
  const processes = [...new Set([...operations.map(one => one.process), ...file.crashes.map(([process]) => process)])].sort((a, b) => a - b);
  const lanes = new Map(processes.map(process => [process, operations.filter(one => one.process === process)]));
  return {file, operations, processes, lanes, byTime: file.timed, zoom: 1, current: -1};
}

const spanOf = (history, one) => history.byTime ? [one.fromTime, one.toTime] : [one.from, one.to === null ? undefined : one.to];
const briefly = one => [one.f, one.key, one.asked, one.outcome === 0 && one.answered && one.answered !== one.asked ? '→ ' + one.answered : ''].filter(Boolean).join(' ');
const lines = one => one.answerLine ? `lines ${one.line} to ${one.answerLine}` : `line ${one.line}, no answer`;
const moment = (history, event, time) => history.file.timed ? `${exact(time)} (event ${event + 1})` : `event ${event + 1}`;
const nameOf = one => `process ${one.process}: ${briefly(one)}, ${OUTCOMES[one.outcome][1]}, ${lines(one)}` + one.findings.map(finding => `; violates: ${finding[0]}`).join('');
const lockName = name => name ? 'lock ' + name : 'the lock';
const holdsDuring = (history, one) => history.file.holds.filter(([, process, from, to]) => process === one.process && (one.to === null || from <= one.to) && (to === null || to >= one.from));

// Rows in which bands of one lock do not lie over each other.
function stacked(bands) {
  const rows = [];
  for (const band of bands) {
    let row = rows.findIndex(end => end !== null && end <= band[2]);
    if (row < 0) row = rows.push(0) - 1;
    rows[row] = band[3];
    band.row = row;
  }
  return rows.length;
}

function drawHistory(history, box, wide) {
  const {file, operations} = history;
  const isNarrow = box.clientWidth > 0 && box.clientWidth < 500, left = isNarrow ? 66 : 104;
  const scale = scaleOf(file, history.byTime, left, Math.max(wide || box.clientWidth, 560), history.zoom);
  const edge = scale.end;
  const ticks = [], grid = [];
  const step = (history.byTime ? roundTime : roundCount)(92 / scale.perUnit);
  for (const part of scale.placed) {
    for (let n = Math.ceil(part.from / step); n * step <= part.to; ++n) {
      const x = scale.x(n * step), text = history.byTime ? timeText(n * step, step) : thousands(n * step + 1);
      grid.push(h('div', {class: 'grid', style: `left:${x}px`}));
      if (x + 60 < scale.width) ticks.push(h('span', {class: 'tick', style: `left:${x}px;border-left:1px solid var(--mute)`}, text));
    }
  }
  const gaps = file.parts.map((part, i) => [scale.placed[i].gap, part[4]]).concat([[edge, file.left_out_after]]).filter(([, n]) => n > 0);
  const gap = ([x, n], said) => h('div', {class: 'gap', style: `left:${x}px;width:${GAP}px`}, said ? [thousands(n), h('br'), n === 1 ? 'operation left out' : 'operations left out'] : null);
  const body = h('div', {class: 'lanes'}, grid, gaps.map(one => gap(one)));
  let top = 0;
  const lane = (label, height, kind, children) => {
    body.append(h('div', {class: 'lane ' + kind, style: `top:${top}px;height:${height}px;width:${scale.width}px`}, h('b', {style: `width:${left}px`}, label), children));
    top += height;
  };
  file.locks.forEach((name, lock) => {
    const bands = file.holds.filter(hold => hold[0] === lock), rows = stacked(bands);
    const drawn = bands.map(band => {
      const [, process, from, to, fromTime, toTime, line, words] = band;
      const x = scale.x(history.byTime ? fromTime : from), end = to === null ? edge : scale.x(history.byTime ? toTime : to), width = Math.max(4, end - x);
      return h('div', {class: 'band' + (to === null ? ' goes-on' : '') + (width < 24 ? ' thin' : ''), style: `left:${x}px;width:${width}px;top:${4 + band.row * 23}px;color:var(--c${lock % 8})`, title: `process ${process} held ${lockName(name)} from line ${line} on, ${S(words)}`},
        h('span', {}, width < 24 ? '' : `${band[8] ? '✗ ' : ''}process ${process}`));
    });
    lane(isNarrow ? h('span', {}, name || 'lock') : ['held:', h('span', {}, lockName(name))], 13 + rows * 23, 'of-lock', [drawn, clashes(history, scale, bands, rows)]);
  });
  const places = new Map();
  for (const process of history.processes) {
    const children = file.holds.filter(hold => hold[1] === process).map(([lock, , from, to, fromTime, toTime]) => {
      const x = scale.x(history.byTime ? fromTime : from), end = to === null ? edge : scale.x(history.byTime ? toTime : to);
      return h('div', {class: 'holding', style: `left:${x}px;width:${Math.max(3, end - x)}px;top:2px;height:${LANE - 5}px;background:var(--c${lock % 8})`});
    });
    for (const one of history.lanes.get(process)) children.push(...drawOperation(history, one, scale, edge));
    for (const [who, event, time, line] of file.crashes) if (who === process) children.push(h('span', {class: 'crashed', role: 'img', 'aria-label': `process ${process} crashes, line ${line}`, title: `process ${process} crashes, line ${line}`, style: `left:${scale.x(history.byTime ? time : event) - 8}px;top:10px`}, '☠'));
    places.set(process, top);
    lane(isNarrow ? 'p. ' + process : 'process ' + process, LANE, '', children);
  }
  body.style.cssText = `width:${scale.width}px;height:${top}px`;
  fill(box, h('div', {class: 'axis', style: `width:${scale.width}px`, 'aria-hidden': 'true'}, h('span', {class: 'unit', style: `width:${left}px`}, history.byTime ? isNarrow ? 'time' : ['time since', h('br'), 'the beginning'] : isNarrow ? 'event' : ['number of', h('br'), 'the event']), ticks, gaps.map(one => gap(one, true))), body);
  history.bars = [...box.querySelectorAll('.op')].sort((a, b) => a.dataset.op - b.dataset.op);
  if (operations.length) history.bars[Math.max(0, history.current)].tabIndex = 0;
}

// A bar, what is drawn beside it, and a mark that does not need colour.
function drawOperation(history, one, scale, edge) {
  const [from, to] = spanOf(history, one), x = scale.x(from), [kind, , prefix] = OUTCOMES[one.outcome];
  const end = to === undefined ? Math.min(edge, Math.max(x + 40, ...nextOf(history, one).map(next => Math.min(scale.x(spanOf(history, next)[0]) - 3, x + 90)))) : scale.x(to);
  const width = Math.max(to === undefined ? 10 : 4, end - x), isNamed = one.findings.length > 0;
  const bar = h('button', {type: 'button', class: `op ${kind}${isNamed ? ' named' : ''}${width < 14 ? ' thin' : ''}`, 'data-op': one.i, tabindex: '-1', 'aria-label': nameOf(one), style: `left:${x}px;width:${width}px;top:${isNamed ? 12 : 10}px`}, width < 14 ? '' : (isNamed ? '✗ ' : '') + prefix + briefly(one));
  const marks = [bar];
  if (to === undefined && edge > x + width) marks.push(h('div', {class: 'tail', style: `left:${x + width}px;width:${edge - x - width}px;top:${10 + BAR / 2}px`}));
  if (isNamed) marks.push(h('span', {class: 'flag', 'aria-hidden': 'true', style: `left:${x}px;top:0`}, '▼'));
  return marks;
}
function nextOf(history, one) {
  const lane = history.lanes.get(one.process), next = lane[lane.indexOf(one) + 1];
  return next ? [next] : [];
}

// Where two holds that a finding names lie over each other.
function clashes(history, scale, bands, rows) {
  const named = bands.filter(band => band[8]);
  return named.slice(1).map((second, i) => {
    const first = named[i], time = band => history.byTime ? [band[4], band[5]] : [band[2], band[3]];
    const [from] = time(second), ends = [time(first)[1], time(second)[1]].filter(end => end !== null);
    const x = scale.x(from), end = ends.length ? scale.x(Math.min(...ends)) : scale.end;
    return end > x ? h('div', {class: 'clash', style: `left:${x}px;width:${Math.max(3, end - x)}px;top:1px;height:${11 + rows * 23}px`}) : null;
  });
}

// ---------------------------------------------------------------------------------------- what is told of it

function tellOperation(history, told, one) {
  const row = (name, ...text) => [h('dt', {}, name), h('dd', {}, text)];
  const took = history.file.timed && one.to !== null ? `, after ${exact(one.toTime - one.fromTime)}` : '';
  fill(told, h('h3', {}, `process ${one.process}: ${one.f} ${one.key} `, h('span', {class: 'chip ' + ['held', 'info', 'unknown'][one.outcome]}, OUTCOMES[one.outcome][1])),
    h('dl', {}, row('asked', `${one.asked || 'nothing more'}, line ${one.line}, ${moment(history, one.from, one.fromTime)}`),
      row('answered', one.to === null ? 'never: it may have taken effect at any later time, or not at all' : `${one.answered || 'nothing more'}, line ${one.answerLine}, ${moment(history, one.to, one.toTime)}${took}`),
      holdsDuring(history, one).slice(0, 8).map(([lock, , , , , , line, words]) => row('holds', `${lockName(history.file.locks[lock])}, granted in line ${line}, ${S(words)}`)),
      one.findings.map(finding => row('✗ violates', `${finding[0]}: ${finding[1]}`, h('br'), h('b', {}, 'Expected: '), finding[4]))));
}

function findingsPanel(history, file, go) {
  const found = file.keys.flatMap(key => key.findings.map(([name, meaning, count, proof, expected, operations, elsewhere]) => h('section', {class: 'found'},
    h('h3', {}, h('span', {class: 'chip violated'}, '✗ ' + name), key.name ? ' ' + key.name : ''),
    h('p', {}, meaning[0].toUpperCase() + meaning.slice(1) + (count === 1 ? '.' : `, ${thousands(count)} times; this is the first.`)), h('p', {}, proof), h('p', {}, h('b', {}, 'Expected: '), expected),
    operations.length ? h('ul', {}, operations.map(i => h('li', {}, h('button', {type: 'button', 'data-go': i, onclick: () => go(i)}, h('b', {}, `process ${history.operations[i].process} `), briefly(history.operations[i]), h('br'), h('span', {class: 'mute'}, `${lines(history.operations[i])}, from ${moment(history, history.operations[i].from, history.operations[i].fromTime)}`))))) : null,
    elsewhere ? h('p', {class: 'mute'}, `${counted(elsewhere, 'event')} that it names ${elsewhere === 1 ? 'is' : 'are'} not drawn.`) : null)));
  const undecided = file.keys.filter(key => key.why_unknown).map(key => h('section', {class: 'undecided'}, h('h3', {}, h('span', {class: 'chip unknown'}, '? not decided'), key.name ? ' ' + key.name : ''), h('p', {}, `Could not be decided: ${key.why_unknown}.`)));
  const locks = file.keys.filter(key => key.lock).map(key => h('p', {}, h('b', {}, key.name || 'lock'), ' ', h('span', {class: 'chip ' + key.verdict}, key.verdict), ' ', key.lock));
  return h('div', {class: 'panel findings'}, found.length || undecided.length ? [found, undecided] : h('p', {}, h('span', {class: 'chip held'}, '✓ held'), ' Nothing speaks against it.'), locks,
    file.other_keys ? h('p', {class: 'mute'}, `Of ${counted(file.other_keys, 'other key')} there is nothing to tell here.`) : null);
}

function historyLegend() {
  const item = (shape, text) => h('span', {}, h('span', {style: 'position:relative;display:inline-block;width:44px;height:20px;vertical-align:middle;margin-right:.35em'}, shape), text);
  const bar = (kind, text) => h('span', {class: 'op ' + kind, style: 'left:0;top:0;width:44px;height:20px;line-height:15px'}, text);
  return h('div', {class: 'legend'}, item(bar('ok', 'ok'), 'succeeded, from the request to the answer'), item(bar('failed', 'no'), 'failed: did not happen'), item(bar('open', '…'), 'result unknown: at any later time (dotted), or never'),
    item(bar('named', '✗'), '▼ named by what was found'), item(h('span', {class: 'band', style: 'left:0;top:0;width:44px;color:var(--c0)'}, h('span', {}, 'who')), 'holds the lock'), item(h('span', {class: 'clash', style: 'left:0;top:2px;width:44px;height:16px'}), 'two hold it at once'), item(h('span', {class: 'crashed', style: 'left:12px;top:-2px'}, '☠'), 'crash'));
}

// ---------------------------------------------------------------------------------------- using it

function keepFocusOn(history, told, i, isFocused) {
  const old = history.bars[Math.max(0, history.current)], bar = history.bars[i];
  old.tabIndex = -1;
  bar.tabIndex = 0;
  history.current = i;
  if (isFocused) {
    bar.focus({preventScroll: true});
    bar.scrollIntoView({block: 'nearest', inline: 'nearest'});
  }
  tellOperation(history, told, history.operations[i]);
}

// The operation that a key leads to, or nothing.
function neighbour(history, one, key) {
  const lane = history.lanes.get(one.process), at = lane.indexOf(one), busy = history.processes.filter(process => history.lanes.get(process).length);
  const beside = by => {
    const other = history.lanes.get(busy[busy.indexOf(one.process) + by]);
    return other && other.reduce((best, next) => Math.abs(next.from - one.from) < Math.abs(best.from - one.from) ? next : best);
  };
  const named = history.operations.filter(other => other.findings.length);
  const acts = {ArrowLeft: () => lane[at - 1], ArrowRight: () => lane[at + 1], ArrowUp: () => beside(-1), ArrowDown: () => beside(1), Home: () => lane[0], End: () => lane[lane.length - 1],
    v: () => named.find(other => other.i > one.i) || named[0], V: () => named.findLast(other => other.i < one.i) || named[named.length - 1]};
  return acts[key] && acts[key]();
}

function drawCard(file, card) {
  const history = historyOf(file);
  const box = h('div', {class: 'diagram history', role: 'group', 'aria-label': `Operations of ${file.file}; arrow keys lead from one to the next, v to the next one that was found`});
  const told = h('div', {class: 'told', 'aria-live': 'polite'}, h('p', {class: 'mute'}, 'Point at an operation, or choose one: ', h('kbd', {}, '←'), ' ', h('kbd', {}, '→'), ' in its lane, ', h('kbd', {}, '↑'), ' ', h('kbd', {}, '↓'), ' the lanes beside it, ', h('kbd', {}, 'v'), ' the next one that was found.'));
  const redraw = wide => {
    const focused = box.contains(document.activeElement), middle = box.clientWidth / 2, share = (box.scrollLeft + middle) / (box.scrollWidth || 1);
    drawHistory(history, box, wide);
    box.scrollLeft = share * box.scrollWidth - middle;
    if (focused) keepFocusOn(history, told, Math.max(0, history.current), true);
  };
  const go = i => { keepFocusOn(history, told, i, true); history.bars[i].scrollIntoView({block: 'nearest', inline: 'center'}); };
  const zoomBy = by => { history.zoom = Math.max(1, Math.min(4096, history.zoom * by)); redraw(); };
  const first = history.operations.find(one => one.findings.length);
  const button = (label, title, act, id) => h('button', {type: 'button', title, 'data-act': id, onclick: act}, label);
  const scale = file.timed ? h('label', {}, h('input', {type: 'checkbox', 'data-act': 'order', onchange: event => { history.byTime = !event.target.checked; history.zoom = fitting(history, box); redraw(); }}), 'in order, not to scale of time') : h('span', {class: 'mute'}, 'Its events have no times that could be a scale.');
  const drawn = history.operations.length;
  card.append(...some([h('p', {class: 'mute'}, `${file.model}, ${file.format}, ${thousands(file.all)} operation${file.all === 1 ? '' : 's'}.`),
    drawn < file.all ? h('p', {class: 'left-out'}, h('b', {}, `${thousands(drawn)} of ${thousands(file.all)} operations are drawn`), `${first ? ': those around what was found' : ', the first ones'}. ${thousands(file.all - drawn)} are left out.`) : null,
    file.holds_left_out ? h('p', {class: 'mute'}, `${thousands(file.holds_left_out)} holds are not drawn.`) : null]));
  if (drawn === 0) { card.append(findingsPanel(history, file, go)); return null; }
  card.append(h('div', {class: 'tools', role: 'toolbar', 'aria-label': 'Diagram'}, first ? button('✗ To what was found', 'To the first operation that a finding names (v)', () => go(first.i), 'found') : null, button('−', 'Smaller (-)', () => zoomBy(1 / 1.5), 'out'), button('+', 'Larger (+)', () => zoomBy(1.5), 'in'), button('All of it', 'As wide as the page', () => { history.zoom = 1; redraw(); }, 'fit'), scale),
    h('div', {class: 'stage'}, h('div', {}, box, told), findingsPanel(history, file, go)), historyLegend());
  history.zoom = fitting(history, box);
  drawHistory(history, box);
  if (first) { tellOperation(history, told, first); history.current = first.i; history.bars.forEach((bar, i) => { bar.tabIndex = i === first.i ? 0 : -1; }); box.scrollLeft = history.bars[first.i].offsetLeft - box.clientWidth / 3; box.scrollTop = history.bars[first.i].parentElement.offsetTop - 60; }
  const operation = event => { const bar = event.target.closest && event.target.closest('.op[data-op]'); return bar && Number(bar.dataset.op); };
  box.addEventListener('focusin', event => { const i = operation(event); if (i !== null && i !== undefined) keepFocusOn(history, told, i, false); });
  box.addEventListener('mouseover', event => { const i = operation(event); if (i !== null && i !== undefined) tellOperation(history, told, history.operations[i]); });
  box.addEventListener('keydown', event => {
    const i = operation(event);
    if (i === null || i === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '+' || event.key === '-') zoomBy(event.key === '+' ? 1.5 : 1 / 1.5);
    else {
      const next = neighbour(history, history.operations[i], event.key);
      if (next) go(next.i); else if (!/^(Arrow|Home|End)/.test(event.key)) return;
    }
    event.preventDefault();
  });
  addEventListener('resize', () => box.clientWidth && redraw());
  // On paper it has the width of the sheet.
  let onScreen = 1;
  return {print() { onScreen = history.zoom; history.zoom = 1; redraw(1380); }, screen() { history.zoom = onScreen; redraw(); }};
}

// As large as the operations of the busiest lane take to be read; a short history as wide as the page.
function fitting(history, box) {
  const busiest = Math.max(1, ...[...history.lanes.values()].map(lane => lane.length));
  return Math.max(1, busiest * 60 / Math.max(200, box.clientWidth - 130));
}

// One history by itself; of several a line each, which opens: the first violated one is open.
function showHistories(files, section) {
  const drawn = new Map();
  const open = (file, body) => { if (!drawn.has(file)) drawn.set(file, drawCard(file, body)); };
  const title = file => [h('b', {class: 'name'}, file.file), ' ', chip(file.verdict)];
  const lines = files.map(file => ({file, body: h('div', {class: 'body'})}));
  if (files.length === 1) {
    section.append(h('div', {}, h('h2', {}, title(files[0])), lines[0].body));
    open(files[0], lines[0].body);
  } else {
    for (const one of lines) {
      one.line = h('details', {class: 'card line', ontoggle: () => { if (one.line.open) open(one.file, one.body); }}, h('summary', {}, h('h2', {}, title(one.file))), one.body);
      section.append(one.line);
    }
    const shown = lines[Math.max(0, files.findIndex(file => file.verdict === 'violated'))];
    shown.line.open = true;
    open(shown.file, shown.body);
  }
  addEventListener('beforeprint', () => {
    for (const {file, line, body} of lines) { if (line) line.open = true; open(file, body); }
    for (const card of drawn.values()) if (card) card.print();
  });
  addEventListener('afterprint', () => { for (const card of drawn.values()) if (card) card.screen(); });
}
