// Turns a sentence, English or Japanese, into a command of a drone.
const commands = [
  { action: 'takeoff', words: /take ?off|lift off|離陸/i },
  { action: 'land', words: /\bland\b|着陸/i },
  { action: 'photo', words: /photo|picture|写真|撮影/i },
  { action: 'up', words: /\b(up|climb|rise)\b|上昇|上がって/i },
  { action: 'down', words: /\b(down|descend)\b|下降|下がって/i },
  { action: 'forward', words: /forward|ahead|前進|前に/i },
  { action: 'back', words: /\bback\b|後退|後ろに/i },
];

/** Every action that a sentence can ask for. */
export const actions = commands.map(({ action }) => action);

/** `{ action, centimetres }`; `action` is undefined when the sentence asks for nothing known. */
export function understand(sentence) {
  const action = commands.find(({ words }) => words.test(sentence))?.action;
  const [, number, metres] = /(\d+)\s*(m\b|metres?|meters?|メートル)?/i.exec(sentence) ?? [];
  const centimetres = number === undefined ? undefined : Number(number) * (metres ? 100 : 1);
  return { action, centimetres };
}
