// Do two pictures show the same? `node compare.mjs MODULES GOLDEN ACTUAL DIFFERENCE` prints {"same": ..., "why": ..., "pixels": ...};
// where they differ, DIFFERENCE shows where. MODULES has pixelmatch and pngjs, as scripts/schemas brings them.
import {readFileSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';

const [modules, golden, actual, difference] = process.argv.slice(2);
const {default: pixelmatch} = await import(pathToFileURL(join(resolve(modules), 'pixelmatch/index.js')));
const {PNG} = createRequire(import.meta.url)(join(resolve(modules), 'pngjs/lib/png.js'));

// Another release of the browser may smooth an edge in another way. It may not move, recolour or lose anything that people see: the mark above an
// operation is larger than that.
const COLOUR = 0.15, MOST_PIXELS = 12;

const [a, b] = [golden, actual].map(file => PNG.sync.read(readFileSync(file)));
let answer;
if (a.width !== b.width || a.height !== b.height) answer = {same: false, why: `${a.width}x${a.height} expected, not ${b.width}x${b.height}`, pixels: null};
else {
  const shown = new PNG({width: a.width, height: a.height});
  const pixels = pixelmatch(a.data, b.data, shown.data, a.width, a.height, {threshold: COLOUR});
  answer = {same: pixels <= MOST_PIXELS, why: `${pixels} of ${a.width * a.height} pixels differ, at most ${MOST_PIXELS} may`, pixels};
  if (!answer.same) writeFileSync(difference, PNG.sync.write(shown));
}
console.log(JSON.stringify(answer));
