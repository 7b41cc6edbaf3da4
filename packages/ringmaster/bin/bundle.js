const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { setFlagsFromString } = require('node:v8');
const { constants, Script } = require('node:vm');

/** What every daemon needs of Node: V8 takes what Node keeps of its own modules only while no flag is another. */
const ofEveryDaemon = ['net', 'zlib', 'readline', 'fs/promises', 'worker_threads', 'child_process'];
if (process.argv.includes('up')) for (const name of ofEveryDaemon) require(name);
// Before anything of ours runs: the compiler that optimises is not even loaded then (docs/decisions/0030).
setFlagsFromString('--no-opt');

/**
 * Runs a program of the bundle, as `require` would, but takes what V8 compiled of each file at build time
 * (`NAME.js.cache`) instead of compiling it again: half of what loading costs. V8 itself refuses what another version of
 * it made; then it compiles. Returns the scripts by their path, those loaded later included. Why not Node's own compile
 * cache: docs/decisions/0016.
 */
exports.loadBundle = (folder, program) => {
  const modules = new Map();
  const scripts = new Map();

  function load(name) {
    const known = modules.get(name);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    modules.set(name, module);
    const filename = join(folder, name);
    const script = compile(filename);
    scripts.set(filename, script);
    const requireFrom = (id) => (id.startsWith('./') ? load(id.slice(2)) : require(id));
    script.runInThisContext()(module.exports, requireFrom, module, filename, folder);
    return module.exports;
  }

  load(program);
  return scripts;
};

/** The file as a function, from what was kept of it if V8 takes that (`cachedDataRejected` tells). */
function compile(filename) {
  const text = readFileSync(filename, 'utf8');
  return new Script(`(function (exports, require, module, __filename, __dirname) {${text}\n})`, {
    filename,
    cachedData: readCache(filename),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
}

exports.compile = compile;

function readCache(filename) {
  try {
    return readFileSync(`${filename}.cache`);
  } catch {
    // None was made of this file: nothing of it ran when the bundle was built.
    return undefined;
  }
}
