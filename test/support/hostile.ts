import fc from 'fast-check';

/** What no sender should send and some do, as arbitraries. Each run of a test sees the same ones: give it a seed. */

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A word that stands in hostile text as a name would, so that it can be looked for where it must not be. */
export const MARK = 'Zyxqvarn';

/** Texts that something on their way may take for more than text. */
export const TEXTS = [
  '',
  ' ',
  '\u0000',
  `${MARK}\u0000tail`,
  `\ud800${MARK}`,
  `${MARK}\udfff`,
  `\u202e${MARK}\u2066`,
  `=HYPERLINK("http://evil.example","${MARK}")`,
  `@SUM(1+9)*cmd|' /C calc'!A0 ${MARK}`,
  `<!channel> <@U0ADMIN> <http://evil.example|${MARK}>`,
  `<script>alert("${MARK}")</script>`,
  `{name} {{1}} \${${MARK}}`,
  `../../${MARK}`,
  `' or 1=1 -- ${MARK}`,
  `%00%0a${MARK}`,
  `${MARK}\r\nBcc: all@evil.example`,
  `http://[${MARK}`,
  `\ufeff\u200b${MARK}`,
  `${MARK} `.repeat(1500),
  '9'.repeat(400),
  '__proto__',
  'constructor',
] as const;

/** Far deeper than anything that walks a value by calling itself can go. */
const DEEP = 15_000;
const deepList = `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`;
const deepObject = `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`;
const DEEP_LIST = 'a-very-deep-list';
const DEEP_OBJECT = 'a-very-deep-object';

const value: fc.Arbitrary<Json> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<Json>(...TEXTS) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Json>(null, true, 0, -1, 1.5, 1e308, [], {}, [[]], [null], { $ne: 1 }, { a: { a: [] } }),
  },
  { weight: 1, arbitrary: fc.constantFrom<Json>(DEEP_LIST, DEEP_OBJECT) },
);

type Path = readonly (string | number)[];

function pathsOf(json: Json, at: Path = []): Path[] {
  if (typeof json !== 'object' || json === null) return [at];
  const inner = Array.isArray(json) ? [...json.entries()] : Object.entries(json);
  return [...(at.length > 0 ? [at] : []), ...inner.flatMap(([key, each]) => pathsOf(each, [...at, key]))];
}

function put(json: Json, [key, ...rest]: Path, to: Json | undefined): Json {
  if (key === undefined) return to ?? null;
  if (Array.isArray(json)) return json.map((each, index) => (index === key ? put(each, rest, to) : each));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(
    Object.entries(json).flatMap(([name, each]) => {
      if (name !== key) return [[name, each]];
      return rest.length === 0 && to === undefined ? [] : [[name, put(each, rest, to)]];
    }),
  );
}

/** A right JSON body with something wrong in it, as text: values, missing and strange keys, half of it, something else. */
export function spoiledJson(good: object): fc.Arbitrary<string> {
  const json = JSON.parse(JSON.stringify(good)) as Json;
  const paths = pathsOf(json);
  const change = fc.tuple(fc.constantFrom(...paths), fc.option(value, { nil: undefined, freq: 6 }));
  const changed = fc
    .array(change, { minLength: 1, maxLength: 3 })
    .map((changes) => changes.reduce((now, [path, to]) => put(now, path, to), json))
    .map((now) =>
      JSON.stringify(now).replaceAll(`"${DEEP_LIST}"`, deepList).replaceAll(`"${DEEP_OBJECT}"`, deepObject),
    );
  const whole = JSON.stringify(json);
  return fc.oneof(
    { weight: 6, arbitrary: changed },
    { weight: 1, arbitrary: fc.nat(whole.length - 1).map((length) => whole.slice(0, length)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        whole.replace('{', '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},'),
        whole.replace('{', `{"x":${deepList},`),
        whole.replace('{', `{"x":${deepObject},`),
        whole.replace('{', `{"\\u0000${MARK}":"\\ud800",`),
        deepList,
        'null',
        '[]',
        '"text"',
        `[${whole},${whole}]`,
        '{"a":1}{"a":1}',
      ),
    },
  );
}

/** A right form with something wrong in it. */
export function spoiledForm(good: Readonly<Record<string, string>>): fc.Arbitrary<[string, string][]> {
  const names = Object.keys(good);
  const change = fc.tuple(
    fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...names) }, fc.constantFrom('__proto__', 'constructor', '', 'x')),
    fc.option(fc.constantFrom(...TEXTS), { nil: undefined, freq: 6 }),
  );
  return fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
    const fields = new Map(Object.entries(good));
    for (const [name, to] of changes) {
      if (to === undefined) fields.delete(name);
      else fields.set(name, to);
    }
    return [...fields];
  });
}

/** The same text in bytes that are not what they say. */
export function misencoded(
  text: string,
): [how: string, bytes: Uint8Array<ArrayBuffer>, headers: Record<string, string>][] {
  const bytes = (buffer: Buffer) => new Uint8Array(buffer);
  return [
    ['UTF-16', bytes(Buffer.from(text, 'utf16le')), {}],
    ['Latin 1 that is no UTF-8', bytes(Buffer.concat([Buffer.from([0xff, 0xe9, 0xc0]), Buffer.from(text)])), {}],
    ['a byte order mark', bytes(Buffer.from(`\ufeff${text}`)), {}],
    ['said to be compressed', bytes(Buffer.from(text)), { 'content-encoding': 'gzip' }],
    ['compressed by nothing we know', bytes(Buffer.from(text)), { 'content-encoding': 'x-nothing' }],
    ['nothing', new Uint8Array(0), {}],
    ['zeros', new Uint8Array(100), {}],
    ['two megabytes', bytes(Buffer.from(text.padEnd(2_000_000))), {}],
  ];
}
