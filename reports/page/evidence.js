'use strict';
// Draws what came of counterexamples on real tools, as cli/confirm/confirm_page.cpp writes it: the steps with what really happened beside
// each, what was stored, how the jobs ended, and every request.

const OUTCOMES = {confirmed: 'held', 'not reproduced': 'violated', different: 'violated'};
const outcomeChip = outcome => h('span', {class: 'chip ' + (OUTCOMES[outcome] || 'unknown')}, outcome);

function stepRow(actors, [n, actor, model, kind, real]) {
  const quiet = kind === 'off the wire' || kind === 'by hand';
  return h('tr', {class: kind === 'differs' ? 'differs' : quiet ? 'quiet' : null},
    h('td', {}, n), h('td', {class: 'who', style: `color:${colour(actor)}`}, actors[actor]), h('td', {class: 'model'}, model), h('td', {class: 'real'}, real));
}

function requestRow(actors, [n, actor, what, effect, ends, line]) {
  const fate = [effect ? null : 'no effect', ends === 'answered' ? null : ends].filter(Boolean).join(', ');
  return h('tr', {}, h('td', {class: 'mute'}, n),
    h('td', {class: 'wide'}, h('details', {}, h('summary', {}, h('b', {}, actor), ' ', what, ' ', fate ? h('span', {class: 'lost'}, fate) : null),
      h('pre', {}, JSON.stringify(JSON.parse(line), null, 1)))));
}

const fact = (name, ...what) => h('tr', {}, h('th', {scope: 'row'}, name), h('td', {}, what));
const lines = texts => texts.map((text, i) => [i ? h('br') : null, text]);

function evidenceCard(one, isOpen) {
  const head = [outcomeChip(one.outcome), ' ', h('b', {}, one.scenario), ' ', h('span', {class: 'mute'}, one.properties.join(', '))];
  const body = [h('p', {}, one.conclusion)];
  if (one.steps) {
    body.push(h('h3', {}, 'Steps'),
      h('table', {class: 'steps'}, h('thead', {}, h('tr', {}, ['Step', 'Actor', 'Model', 'Real'].map(name => h('th', {scope: 'col'}, name)))),
        h('tbody', {}, one.steps.map(step => stepRow(one.actors, step)))));
    if (one.extra.length) body.push(h('h3', {}, 'Not in the model'), h('ul', {}, one.extra.map(text => h('li', {}, text))));
    body.push(h('h3', {}, 'What is stored'), h('table', {class: 'facts'}, h('tbody', {}, one.stored.map(([when, what]) => fact(when, lines(what.length ? what : ['nothing']))))),
      h('h3', {}, 'How the jobs ended'), h('table', {class: 'facts'}, h('tbody', {}, one.jobs.map(([actor, command, ending, words]) => fact(actor, h('code', {}, command), ': ', ending, words ? ': ' + words : null)))),
      h('h3', {}, 'Requests'), h('p', {class: 'mute'}, 'In the order in which they came. Credentials, tokens and the values of states are hidden.'),
      h('table', {class: 'requests'}, h('thead', {}, h('tr', {}, h('th', {scope: 'col'}, 'No'), h('th', {scope: 'col'}, 'Request'))),
        h('tbody', {}, one.requests.map(request => requestRow(one.actors, request)))),
      h('p', {class: 'mute'}, one.time));
  }
  if (one.replay) body.push(h('h3', {}, 'Again'), h('div', {class: 'replay'}, h('code', {}, one.replay)));
  return h('details', {class: 'card line', open: isOpen}, h('summary', {}, head), body);
}

function showEvidence(evidence, section) {
  const tools = evidence.tools.map(([name, version]) => `${name} ${version}`).join(', ');
  section.append(h('h2', {}, 'What really happened'), h('p', {class: 'mute'}, (tools ? tools + ', on ' : '') + (evidence.servers.length ? evidence.servers.join(', ') : 'the modelled servers') + '. ' + evidence.counts + '.'));
  section.append(...evidence.results.map(one => evidenceCard(one, evidence.results.length === 1)));
  addEventListener('beforeprint', () => document.querySelectorAll('details.card').forEach(card => { card.open = true; }));
}
