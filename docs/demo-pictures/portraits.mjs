// Portraits of invented people: node portraits.mjs FOLDER. The same each time.
import { createAvatar } from '@dicebear/core';
import * as notionists from '@dicebear/notionists';
import { Resvg } from '@resvg/resvg-js';
import fs from 'fs';

const all = name => notionists.schema.properties[name].items.enum;
const variants = numbers => numbers.map(each => typeof each === 'string' ? each : `variant${String(each).padStart(2, '0')}`);
const HAIR = {
  f: variants([2, 8, 10, 11, 20, 23, 28, 29, 30, 36, 37, 39, 41, 43, 45, 46, 47, 48, 57, 58, 59, 62, 63, 4, 24]),
  m: variants(['hat', 1, 3, 5, 6, 7, 9, 12, 13, 15, 16, 17, 18, 19, 21, 22, 25, 26, 27, 31, 32, 33, 34, 35, 38, 40, 42, 44, 49, 52, 53, 54, 55, 56, 60, 61]),
};
// The lighter ones more often, as in the countries that the people are from.
const SKIN = ['#fbe3d2', '#fbe3d2', '#f8d9c3', '#f8d9c3', '#f5d0b5', '#f5d0b5', '#eebf9c', '#eebf9c', '#dca27c', '#c4875f', '#9c6541', '#744a30'];
const HAIRS = ['#17120f', '#17120f', '#2d1f17', '#4a3020', '#6d4527', '#9c6b38', '#c79a5b', '#8d8a86', '#c9c4bd'];
const DARK_HAIRS = HAIRS.slice(0, 4);
const CLOTHES = ['#ffffff', '#f3efe6', '#dfe9f2', '#cfe2d8', '#f2dcd4', '#efe2b9', '#c8d6e4', '#3d4b5c', '#2f5d50', '#b5533c', '#e0b04a', '#7a8b99'];
const FRIENDLY = {
  lips: variants([3, 10, 14, 17, 22, 23, 25, 27, 30]), eyes: variants([3, 4, 5, 4, 5]), brows: variants([1, 4, 5, 7, 8, 9, 12]),
  nose: variants([1, 2, 5, 6, 7, 9, 11, 12, 13, 14, 15, 16, 17]), glasses: variants([3, 8, 11]), body: all('body'),
};
const TINTS = ['dcece5', 'e0e9f4', 'f7e8cd', 'f6dfdb', 'e8e4da', 'e2ead0', 'd7e8ea', 'f2e1d2'];

let state = 7;
const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
const pick = list => list[Math.floor(random() * list.length)];

function painted(svg, skin, hair, clothes, isCovered) {
  const parts = svg.split(/(?=<g transform="translate\()/);
  return parts.map(part => {
    if (part.startsWith('<g transform="translate(531 487)">')) return part.replace('fill="#fff"', `fill="${skin}"`);
    if (part.startsWith('<g transform="translate(178 1057)">')) return part.replace('fill="#fff"', `fill="${clothes}"`);
    if (part.startsWith('<g transform="translate(266 207)">') && !isCovered) return part.replaceAll('fill="#000"', `fill="${hair}"`);
    return part;
  }).join('');
}

function portrait(gender, number, chosen = {}) {
  const skin = pick(SKIN), isDark = SKIN.indexOf(skin) >= 8;
  const hairName = chosen.hair ?? HAIR[gender][number % HAIR[gender].length];
  const isCovered = ['variant61', 'variant62', 'variant63', 'hat'].includes(hairName);
  const hair = chosen.hairColour ?? pick(isDark ? DARK_HAIRS : HAIRS);
  // Beards are black.
  const mayHaveBeard = gender === 'm' && [HAIRS[0], HAIRS[2]].includes(hair);
  const options = {
    seed: `${gender}${number}`, hair: [hairName], beardProbability: mayHaveBeard && random() < 0.6 ? 100 : 0,
    glassesProbability: random() < 0.24 ? 100 : 0, gestureProbability: 0, bodyIconProbability: 0,
    backgroundColor: [chosen.tint ?? pick(TINTS)], 
    ...Object.fromEntries(Object.entries(FRIENDLY).map(([part, names]) => [part, [pick(names)]])), ...chosen.options,
  };
  const svg = createAvatar(notionists, options).toString();
  const drawn = painted(svg, chosen.skin ?? skin, hair, chosen.clothes ?? pick(CLOTHES), isCovered);
  return drawn.replace('viewBox="0 0 1744 1744"', 'viewBox="250 110 1290 1290"').replace(/width="1744" height="1744" rx="0" ry="0" x="0" y="0"/, 'width="1744" height="1744" x="0" y="0"');
}

const SHOWN = {
  anna: ['f', { hair: 'variant28', hairColour: '#6d4527', skin: '#f8d9c3', clothes: '#e0b04a', tint: 'dcece5',
    options: { body: ['variant21'], lips: ['variant14'], eyes: ['variant04'], brows: ['variant05'], glassesProbability: 0 } }],
  marc: ['m', { hair: 'variant34', hairColour: '#17120f', skin: '#f5d0b5', clothes: '#c8d6e4', tint: 'f7e8cd',
    options: { body: ['variant13'], lips: ['variant17'], eyes: ['variant05'], brows: ['variant08'], beardProbability: 100, beard: ['variant02'], glassesProbability: 0 } }],
  lea: ['f', { hair: 'variant48', hairColour: '#c79a5b', skin: '#fbe3d2', clothes: '#b5533c', tint: 'e0e9f4',
    options: { body: ['variant07'], lips: ['variant23'], eyes: ['variant05'], brows: ['variant12'], glassesProbability: 100, glasses: ['variant11'] } }],
};
const folder = process.argv[2];
const write = (name, svg) => fs.writeFileSync(`${folder}/${name}.png`, new Resvg(svg, { fitTo: { mode: 'width', value: 208 } }).render().asPng());
fs.mkdirSync(folder, { recursive: true });
for (const gender of ['f', 'm']) for (let number = 0; number < Number(process.argv[3] ?? 84); number++) write(`${gender}-${String(number + 1).padStart(3, '0')}`, portrait(gender, number));
for (const [name, [gender, chosen]] of Object.entries(SHOWN)) write(name, portrait(gender, 0, chosen));
