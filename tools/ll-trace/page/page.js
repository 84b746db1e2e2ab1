'use strict';
// All that comes from the run is text: it becomes nodes by textContent, never markup.
const data = JSON.parse(document.getElementById('data').textContent);
const main = document.getElementById('main');
// What is not seen, or turns what is beside it, is shown by its number.
const shown = (text) => String(text).replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (c) =>
  `<U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}>`);
const make = (tag, kind, text) => {
  const node = document.createElement(tag);
  if (kind) node.className = kind;
  if (text !== undefined) node.textContent = shown(text);
  return node;
};
const size = (n) => {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let i = 0;
  for (; n >= 1024 && i < 4; i++) n /= 1024;
  return (i && n < 10 ? n.toFixed(1) : Math.round(n)) + ' ' + units[i];
};
const time = (ms) => ms < 1000 ? ms + ' ms' : (ms / 1000).toFixed(2) + ' s';
const many = (n, one, more) => `${n} ${n === 1 ? one : more}`;
const copy = (text, button) => {
  const done = () => { button.textContent = 'copied'; };
  const by_hand = () => {
    const area = make('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    if (document.execCommand('copy')) done();
    area.remove();
    button.focus();
  };
  if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, by_hand);
  else by_hand();
};
const section = (title, said) => {
  main.append(make('h2', '', title));
  if (said) main.append(make('p', '', said));
};
const line = (text, note) => {
  const row = make('div', 'line');
  const button = make('button', '', 'copy');
  button.addEventListener('click', () => copy(text, button));
  row.append(make('code', '', text), make('span', 'note', note), button);
  main.append(row);
};

// A tree of {name, nodes, notes, kind, bar}: only what is open is in the document, and of a long
// row of entries no more than a screenful or two at once.
const PART = 200;
let trees = 0;
class Tree {
  constructor(label, roots, open) {
    this.box = make('div');
    this.box.tabIndex = 0;
    this.box.setAttribute('role', 'tree');
    this.box.setAttribute('aria-label', label);
    this.id = 't' + trees++;
    this.box.addEventListener('keydown', (event) => this.key(event));
    this.box.addEventListener('click', (event) => {
      const row = event.target.closest('.row');
      if (!row) return;
      this.go(row);
      this.flip(row);
    });
    main.append(this.box);
    this.show(roots, open);
  }
  show(roots, open) {
    this.box.textContent = '';
    this.add(roots, 0, 1, null);
    const first = this.box.firstChild;
    if (!first) return;
    this.go(first, true);
    for (let row = first; open-- > 0 && row && roots.length < 2; row = row.nextSibling)
      if (this.flip(row, true) > 1) break;
  }
  add(nodes, from, level, before) {
    for (const node of nodes.slice(from, from + PART)) this.box.insertBefore(this.row(node, level), before);
    if (from + PART >= nodes.length) return;
    const more = make('div', 'row');
    more.append(make('span', 'name', `${nodes.length - from - PART} more`));
    more.more = () => {
      const next = more.nextSibling;
      more.remove();
      this.add(nodes, from + PART, level, next);
    };
    this.dress(more, level);
    this.box.insertBefore(more, before);
  }
  row(node, level) {
    const row = make('div', 'row ' + (node.kind || ''));
    row.node = node;
    row.append(make('span', 'name', node.name));
    for (const note of node.notes || []) row.append(make('span', 'note', note));
    if (node.bar) {
      const bar = make('span', 'bar');
      const part = make('i');
      part.style.left = node.bar[0] + '%';
      part.style.width = node.bar[1] + '%';
      bar.append(part);
      row.append(bar);
    }
    if (node.nodes && node.nodes.length) row.setAttribute('aria-expanded', 'false');
    this.dress(row, level);
    return row;
  }
  dress(row, level) {
    row.level = level;
    row.setAttribute('role', 'treeitem');
    row.setAttribute('aria-level', level);
    row.firstChild.style.paddingLeft = (level - 1) * 1.2 + 'em';
  }
  flip(row, wanted) {
    if (row.more) {
      const before = row.previousSibling;
      row.more();
      this.go(before ? before.nextSibling : this.box.firstChild);
      return 0;
    }
    const is_open = row.getAttribute('aria-expanded');
    if (!is_open || is_open === String(wanted)) return 0;
    row.setAttribute('aria-expanded', is_open === 'true' ? 'false' : 'true');
    if (is_open !== 'true') {
      this.add(row.node.nodes, 0, row.level + 1, row.nextSibling);
      return row.node.nodes.length;
    }
    while (row.nextSibling && row.nextSibling.level > row.level) row.nextSibling.remove();
    return 0;
  }
  go(row, quiet) {
    if (!row) return;
    if (this.at) {
      this.at.classList.remove('at');
      this.at.removeAttribute('id');
    }
    this.at = row;
    row.classList.add('at');
    row.id = this.id;
    this.box.setAttribute('aria-activedescendant', this.id);
    if (!quiet) row.scrollIntoView({block: 'nearest'});
  }
  key(event) {
    const at = this.at;
    if (!at || event.ctrlKey || event.altKey || event.metaKey) return;
    const is_open = at.getAttribute('aria-expanded') === 'true';
    let parent = at.previousSibling;
    while (parent && parent.level >= at.level) parent = parent.previousSibling;
    switch (event.key) {
      case 'ArrowDown': this.go(at.nextSibling); break;
      case 'ArrowUp': this.go(at.previousSibling); break;
      case 'ArrowRight': is_open ? this.go(at.nextSibling) : this.flip(at, true); break;
      case 'ArrowLeft': is_open ? this.flip(at, false) : this.go(parent); break;
      case 'Home': this.go(this.box.firstChild); break;
      case 'End': this.go(this.box.lastChild); break;
      case 'Enter': case ' ': this.flip(at); break;
      default: return;
    }
    event.preventDefault();
  }
}

const by = (row) => row === null || !data.processes[row] ? '' : data.processes[row].program.replace(/.*\//, '');
const note_of = (f) => {
  const notes = [];
  if (f.read) notes.push('read' + (f.read > 1 ? ' ' + f.read : ''));
  if (f.write) notes.push((f.created ? 'created' : 'written') + (f.write > 1 ? ' ' + f.write : ''));
  if (f.run) notes.push('run' + (f.run > 1 ? ' ' + f.run : ''));
  if (f.refused) notes.push(`refused ${f.refused.what}` + (f.refused.count > 1 ? ' ' + f.refused.count : ''));
  if (f.kind === 'gone') notes.push('gone');
  if (f.size !== undefined) notes.push(size(f.size));
  if (f.by !== undefined) notes.push(by(f.by));
  return notes;
};
const files = data.paths.slice();
const missing = [];
for (const refused of data.refusals) {
  if (refused.layer === 'missing') missing.push(refused);
  else if (refused.target[0] === '/') files.push({path: refused.target, refused});
}
const sums = (f) => ({files: 1, size: f.size || 0, read: f.read ? 1 : 0, write: f.write ? 1 : 0, run: f.run ? 1 : 0, refused: f.refused ? 1 : 0});
// A directory on whose way nothing else is, is shown with what is in it.
const tree_of = (all) => {
  const root = {name: '', map: new Map(), sum: {}};
  for (const f of all) {
    const sum = sums(f);
    let node = root;
    const parts = f.path === '/' ? [] : f.path.split('/').slice(1);
    for (const key in sum) node.sum[key] = (node.sum[key] || 0) + sum[key];
    for (const part of parts) {
      if (!node.map.has(part)) node.map.set(part, {name: part, map: new Map(), sum: {}});
      node = node.map.get(part);
      for (const key in sum) node.sum[key] = (node.sum[key] || 0) + sum[key];
    }
    (node.own = node.own || []).push(f);
  }
  const finish = (node) => {
    let name = node.name;
    while (node.map.size === 1 && !node.own) {
      node = [...node.map.values()][0];
      name += '/' + node.name;
    }
    const own = node.own || [];
    const refused = own.some((f) => f.refused);
    const out = {name, notes: own.flatMap(note_of), kind: refused ? 'refused' : own.some((f) => f.created) ? 'made' : ''};
    if (!node.map.size) return out;
    out.name += '/';
    const s = node.sum;
    const said = [many(s.files, 'path', 'paths')];
    for (const [key, word] of [['write', 'written'], ['run', 'run'], ['refused', 'refused']])
      if (s[key]) said.push(s[key] + ' ' + word);
    if (s.size) said.push(size(s.size));
    out.notes.push(said.join(', '));
    if (s.refused) out.kind = 'refused';
    let nodes;
    Object.defineProperty(out, 'nodes', {get: () => nodes || (nodes = [...node.map.values()]
      .sort((a, b) => (a.name < b.name ? -1 : 1)).map(finish))});
    return out;
  };
  return all.length ? [finish(root)] : [];
};

const ran = data.processes.map((p) => {
  const end = p.to === undefined ? data.milliseconds : p.to;
  const words = p.arguments.slice(1).join(' ');
  const notes = [time(end - p.from)];
  if (p.exit) notes.push('exit ' + p.exit);
  if (p.signal) notes.push('signal ' + p.signal);
  if (p.to === undefined) notes.push('still running');
  notes.push(String(p.pid));
  const all = Math.max(data.milliseconds, 1);
  return {name: p.program.replace(/.*\//, '') + (p.forked ? ' (forked)' : '') + (words ? ' ' + words : '') + (p.cut ? ' ...' : ''),
    notes, nodes: [], bar: [p.from / all * 100, (end - p.from) / all * 100], kind: p.signal ? 'refused' : ''};
});
const first = [];
data.processes.forEach((p, i) => (p.parent === null ? first : ran[p.parent].nodes).push(ran[i]));

const command = data.processes[0];
document.title = 'What ' + shown(command.program.replace(/.*\//, '')) + ' did';
main.append(make('h1', '', command.arguments.join(' ') || command.program));
const refused = data.refusals.filter((r) => r.layer !== 'missing');
main.append(make('p', '', [data.date, time(data.milliseconds), many(data.processes.length, 'program', 'programs'),
  many(data.paths.length, 'path', 'paths'), many(refused.length, 'refusal', 'refusals'), 'in ' + data.directory, data.tool].join(' · ')));
if (!data.complete) main.append(make('p', 'refused', 'Limit reached: this report is incomplete.'));

const add = new Map();
for (const r of refused) if (r.line) (add.get(r.line) || add.set(r.line, []).get(r.line)).push(r);
if (add.size) {
  section('To allow what was refused', 'Add the lines that the command needs.');
  for (const [text, why] of add) line(text, (why[0].too_much ? 'far more than was asked for: ' : '') + why.slice(0, 3).map((r) => `${r.what} ${r.target}`).join(', '));
}
const closed = refused.filter((r) => !r.line && r.target[0] !== '/');
if (closed.length) {
  section('Other refusals');
  new Tree('Other refusals', closed.map((r) => ({name: `${r.what} ${r.target}`, kind: 'refused',
    notes: [r.layer, r.process, many(r.count, 'time', 'times')]})), 0);
}
const unused = data.grants.filter((g) => g.there && !g.uses);
const wide = data.grants.filter((g) => g.enough);
if (wide.length) {
  section('Narrower grants would suffice');
  for (const g of wide) line(g.enough + g.grant.slice(g.grant.indexOf(' ')), `instead of ${g.grant}  ${g.where}`);
}
if (unused.length) {
  section('Granted but not used', 'In this run; another may need it. Files that are only looked up (stat) are not recorded.');
  const sources = new Map();
  for (const g of unused) (sources.get(g.source) || sources.set(g.source, []).get(g.source)).push(g);
  const own = data.grants.length ? data.grants[data.grants.length - 1].source : '';
  for (const [source, grants] of sources) {
    if (source !== own && sources.size > 1) continue;
    for (const g of grants.slice(0, 100)) line(g.grant, g.where);
  }
  const others = [...sources].filter(([source]) => source !== own && sources.size > 1);
  if (others.length) new Tree('In included policies', others.map(([source, grants]) => ({name: source || 'command line',
    notes: [many(grants.length, 'line', 'lines')], nodes: grants.map((g) => ({name: g.grant, notes: [g.where]}))})), 0);
}
section('Programs');
new Tree('Programs', first, 3);
if (data.peers.length) {
  section('Network and sockets');
  new Tree('Network and sockets', data.peers.map((p) => ({
    name: p.kind === 'unix' ? 'unix ' + p.name : `${p.kind} ${p.name || p.address}:${p.port}/${p.protocol}`,
    notes: [p.name && p.address ? p.address : '', p.count > 1 ? p.count + ' times' : '', by(p.by)].filter(Boolean)})), 0);
}
section('Files');
const filter = make('input');
filter.type = 'search';
filter.placeholder = 'part of a path, or: read, written, created, run, refused, gone';
filter.setAttribute('aria-label', 'Show paths with');
main.append(filter);
const tree = new Tree('Files', tree_of(files), 4);
filter.addEventListener('input', () => {
  const wanted = filter.value;
  if (!wanted) return tree.show(tree_of(files), 4);
  const found = files.filter((f) => f.path.includes(wanted) || note_of(f).some((n) => n.startsWith(wanted)));
  tree.show(found.map((f) => ({name: f.path, notes: note_of(f), kind: f.refused ? 'refused' : f.created ? 'made' : ''})), 0);
});
if (missing.length) {
  section('Looked for but missing');
  new Tree('Looked for', tree_of(missing.map((m) => ({path: m.target}))), 2);
}
