import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { exposeNames, fittedName, qualifiedName, qualifiedUri, shortHash } from './names.ts';

const nobody = () => undefined;

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
    title: 'a prefixed name never takes over the plain name of another server',
    offered: ['a:echo', 'b:echo', 'c:b__echo'],
    owners: {},
    exposed: ['echo', `b__echo_${shortHash('b echo')}`, 'b__echo'],
  },
]) {
  test(row.title, () => {
    const offered = row.offered.map((one) => {
      const [server = '', name = ''] = one.split(':');
      return { server, name };
    });
    const owners = new Map(Object.entries(row.owners));
    const { exposed } = exposeNames(offered, (name) => owners.get(name), qualifiedName);
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
      const { exposed } = exposeNames(all, nobody, qualifiedName);
      assert.equal(new Set(exposed.map(({ exposedAs }) => exposedAs)).size, all.length);
    }),
  );
});

test('a name of 64 characters stays, a longer one is cut and told apart by a hash', () => {
  assert.equal(fittedName('n'.repeat(64)), 'n'.repeat(64));
  const long = fittedName('n'.repeat(65));
  assert.equal(long.length, 64);
  assert.notEqual(long, fittedName('n'.repeat(66)));
});

test('a URI of a second owner keeps its own after the server and a plus', () => {
  assert.equal(qualifiedUri('files', 'file:///a'), 'files+file:///a');
});
