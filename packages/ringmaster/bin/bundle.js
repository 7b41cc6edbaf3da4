const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { constants, Script } = require('node:vm');

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
