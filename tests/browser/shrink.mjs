// Makes a picture small enough to be kept in the repository: `node shrink.mjs MODULES PICTURE`. Sixteen shades of each colour are nearer to all of
// them than compare.mjs looks.
import {readFileSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join, resolve} from 'node:path';

const [modules, file] = process.argv.slice(2);
const {PNG} = createRequire(import.meta.url)(join(resolve(modules), 'pngjs/lib/png.js'));
const STEP = 255 / 15, RGB = 2;

const picture = PNG.sync.read(readFileSync(file));
for (let i = 0; i < picture.data.length; ++i) picture.data[i] = Math.round(Math.round(picture.data[i] / STEP) * STEP);
writeFileSync(file, PNG.sync.write(picture, {colorType: RGB, deflateLevel: 9, deflateStrategy: 0, filterType: 0}));
