import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  exposeNames,
  fittedName,
  type Naming,
  nameStyle,
  qualifiedUri,
  shortHash,
} from './names.ts';
import type { PrefixPolicy } from './rules.ts';

const naming: Naming = {
  style: nameStyle,
  servers: new Set(['a', 'b', 'c', 'a__b']),
  ownerOf: () => undefined,
  prefixOf: () => 'auto',
};

for (const row of [
  {
    title: 'a name that one server has is exposed as it is',
    offered: ['a:echo', 'b:add'],
    owners: {},
    exposed: ['echo', 'add'],
  },
  {
    title: 'the first server in order keeps the plain name, the second is prefixed',
    offered: ['a:echo', 'b:echo'],
    owners: {},
    exposed: ['echo', 'b__echo'],
  },
  {
    title: 'a remembered owner keeps its name, though another comes first',
    offered: ['a:echo', 'b:echo'],
    owners: { echo: 'b' },
    exposed: ['a__echo', 'echo'],
  },
  {
    title: 'a name stays with its owner while that one does not offer it',
    offered: ['a:echo'],
    owners: { echo: 'b' },
    exposed: ['a__echo'],
  },
  {
    title: 'nobody takes a name that begins with the name of another server',
    offered: ['a:echo', 'b:echo', 'c:b__echo'],
    owners: {},
    exposed: ['echo', 'b__echo', 'c__b__echo'],
  },
  {
    title: 'who had such a name before that server came keeps it',
    offered: ['a:echo', 'b:echo', 'c:b__echo'],
    owners: { b__echo: 'c' },
    exposed: ['echo', `b__echo_${shortHash('b echo')}`, 'b__echo'],
  },
  {
    title: 'always: names carry their server, and the plain one still belongs to the first',
    offered: ['a:echo', 'b:echo'],
    owners: {},
    prefixes: { a: 'always' },
    exposed: ['a__echo', 'b__echo'],
  },
  {
    title: 'never: what another server had first is not exposed at all',
    offered: ['a:echo', 'b:echo', 'b:add'],
    owners: {},
    prefixes: { b: 'never' },
    exposed: ['echo', undefined, 'add'],
  },
  {
    title: 'a long name made to look like that of another does not take it over',
    offered: [`a:${'n'.repeat(50)}`, `b:${fittedName('n'.repeat(50))}`],
    owners: {},
    exposed: [fittedName('n'.repeat(50)), fittedName(`b__${fittedName('n'.repeat(50))}`)],
  },
]) {
  test(row.title, () => {
    const offered = row.offered.map((one) => {
      const [server = '', name = ''] = one.split(':');
      return { server, name, plain: name };
    });
    const owners = new Map<string, string>(Object.entries(row.owners));
    const prefixes = new Map(Object.entries(row.prefixes ?? {}));
    const { exposed } = exposeNames(offered, {
      ...naming,
      ownerOf: (name) => owners.get(name),
      prefixOf: (server) => (prefixes.get(server) ?? 'auto') as PrefixPolicy,
    });
    assert.deepEqual(
      exposed.map(({ exposedAs }) => exposedAs),
      row.exposed,
    );
  });
}

test('whatever servers offer, no two things are exposed by one name', () => {
  const name = fc.constantFrom('x', 'y', 'a__x', 'b__x', 'a__b__x');
  const offered = fc.uniqueArray(fc.record({ server: fc.constantFrom('a', 'b', 'a__b'), name }), {
    selector: ({ server, name: of }) => `${server} ${of}`,
  });
  fc.assert(
    fc.property(offered, (all) => {
      const named = all.map((one) => ({ ...one, plain: one.name }));
      const { exposed } = exposeNames(named, naming);
      assert.equal(new Set(exposed.map(({ exposedAs }) => exposedAs)).size, all.length);
    }),
  );
});

test('a name of 40 characters stays, a longer one is cut and told apart by a hash', () => {
  assert.equal(fittedName('n'.repeat(40)), 'n'.repeat(40));
  const long = fittedName('n'.repeat(41));
  assert.equal(long.length, 40);
  assert.notEqual(long, fittedName('n'.repeat(42)));
});

test('a URI of a second owner keeps its own after the server and a plus', () => {
  assert.equal(qualifiedUri('files', 'file:///a'), 'files+file:///a');
});
