import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { VARIABLES } from '../../../src/config-variables.ts';

/*
 * No Docker runs where these tests do. What can be known without one: that everything the image, the compose file, the
 * Procfile and the pages speak of is there.
 */

const ROOT = path.resolve(import.meta.dirname, '../../..');
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
const { scripts, engines } = JSON.parse(read('package.json')) as {
  scripts: Record<string, string>;
  engines: { node: string };
};
/** The words in quotes of a list in a source file that cannot be loaded without running it. */
function listIn(file: string, name: string): string[] {
  const [, list = ''] = new RegExp(`const ${name} = \\[([^\\]]*)\\]`).exec(read(file)) ?? [];
  return [...list.matchAll(/'([^']+)'/g)].map(([, word = '']) => word);
}
const PROGRAMS = listIn('scripts/bundle.ts', 'PROGRAMS');
const ROLES = listIn('src/main.ts', 'COMMANDS');
/** Of one process: of the application's role, of the one across tenants, of Agenda, and one that listens. */
const CONNECTIONS = 20 + 10 + 2 + 1;
/** Made by the build. */
const MADE = ['dist', 'node_modules'];
/** What the programs read beside `dist`. */
const BESIDE = ['node_modules', 'conversations', 'prompts', 'migrations', 'package.json'];

describe('commands', () => {
  test.each(Object.entries(scripts))('npm run %s starts what there is', (_, script) => {
    for (const [, program = ''] of script.matchAll(/dist\/(\S+)\.js/g)) expect(PROGRAMS).toContain(program);
    for (const [, file = ''] of script.matchAll(/tsx (\S+\.ts)/g))
      expect([file, existsSync(path.join(ROOT, file))]).toEqual([file, true]);
    for (const [, other = ''] of script.matchAll(/npm run (?:-\S+ )*(\S+)/g))
      expect(Object.keys(scripts)).toContain(other);
  });

  test('every program of the build has a source', () => {
    expect(PROGRAMS.length).toBeGreaterThan(0);
    expect(PROGRAMS.filter((name) => !existsSync(path.join(ROOT, `src/${name}.ts`)))).toEqual([]);
  });

  const pages = [
    'README.md',
    'src/README.md',
    ...readdirSync(path.join(ROOT, 'docs'))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`),
  ];
  test.each(pages)('%s names none that is not there', (page) => {
    const named = [...read(page).matchAll(/npm run (?:--?\S+ )*([a-z][a-z:-]*)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !scripts[name])).toEqual([]);
    const roles = [...read(page).matchAll(/node dist\/main\.js ([a-z]+)/g)].map(([, role = '']) => role);
    expect(roles.filter((role) => !ROLES.includes(role))).toEqual([]);
  });

  test('the Procfile starts roles', () => {
    const roles = [...read('Procfile').matchAll(/dist\/main\.js (\S+)/g)].map(([, role = '']) => role);
    expect(roles).toEqual(['migrate', 'web', 'worker']);
    expect(roles.filter((role) => !ROLES.includes(role))).toEqual([]);
  });
});

describe('the image', () => {
  const lines = read('Dockerfile')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => /^[A-Z]/.test(line));
  const ignored = read('.dockerignore').split('\n').filter(Boolean);
  const saying = (word: string) =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));

  test('is built on a Node that the product runs on', () => {
    const [, least = ''] = />=(\d+)/.exec(engines.node) ?? [];
    for (const from of saying('FROM')) expect(from).toMatch(new RegExp(`^node:${least}-`));
  });

  test('copies what is in the repository, and everything that the programs read', () => {
    const copies = saying('COPY').map((line) =>
      line
        .split(/\s+/)
        .filter((word) => !word.startsWith('--'))
        .slice(0, -1),
    );
    const built = saying('COPY').map((line) => line.includes('--from=build'));
    const sources = copies.flatMap((words, n) => words.map((word) => (built[n] ? word.replace(/^\/app\//, '') : word)));
    expect(sources.filter((file) => !MADE.includes(file) && !existsSync(path.join(ROOT, file)))).toEqual([]);
    expect(
      copies
        .filter((_, n) => !built[n])
        .flat()
        .filter((file) => ignored.includes(file)),
    ).toEqual([]);
    const kept = copies
      .filter((_, n) => built[n])
      .flat()
      .map((file) => file.replace(/^\/app\//, ''));
    expect(kept.sort()).toEqual(['dist', ...BESIDE].sort());
    expect(BESIDE.filter((file) => !MADE.includes(file) && ignored.includes(file))).toEqual([]);
  });

  test('runs scripts and roles that there are, and keeps no secrets', () => {
    for (const run of saying('RUN')) {
      for (const [, name = ''] of run.matchAll(/npm run (\S+)/g)) expect(Object.keys(scripts)).toContain(name);
    }
    const [entry] = saying('ENTRYPOINT').map((line) => JSON.parse(line) as string[]);
    expect(entry?.slice(-1)).toEqual(['dist/main.js']);
    const [role] = saying('CMD').flatMap((line) => (line.startsWith('[') ? (JSON.parse(line) as string[]) : []));
    expect(ROLES).toContain(role);
    expect(['.env', '.git', '.data'].filter((file) => !ignored.includes(file))).toEqual([]);
  });
});

describe('the compose file', () => {
  interface Service {
    command?: string[];
    deploy?: { replicas: number };
    environment?: Record<string, string>;
    depends_on?: Record<string, { condition: string }>;
    configs?: { source: string }[];
    volumes?: string[];
    env_file?: string;
    build?: string;
  }
  const { services, volumes, configs } = parse(read('compose.yaml'), { merge: true }) as {
    services: Record<string, Service>;
    volumes: Record<string, unknown>;
    configs: Record<string, unknown>;
  };
  const ours = Object.entries(services).filter(([, service]) => service.build);

  test('runs roles of the product, with variables that it knows', () => {
    expect(ours.map(([name]) => name)).toEqual(['migrate', 'web', 'worker']);
    for (const [, { command = [], environment = {}, env_file }] of ours) {
      expect(ROLES).toContain(command[0]);
      const known = VARIABLES.map(({ name }) => name);
      expect(Object.keys(environment).filter((name) => !known.includes(name))).toEqual([]);
      expect(existsSync(path.join(ROOT, `${env_file}.example`))).toBe(true);
    }
  });

  test('its database takes all connections of all processes', () => {
    const processes = ours.reduce((n, [, { deploy }]) => n + (deploy?.replicas ?? 1), 0);
    const most = Number(/max_connections=(\d+)/.exec(services.db?.command?.join(' ') ?? '')?.[1]);
    expect(most).toBeGreaterThan(processes * CONNECTIONS);
    expect(read('docs/operations.md')).toContain(`${CONNECTIONS} connections`);
  });

  test('names no service, volume or file that it does not have; what serves waits for the migrations', () => {
    for (const [name, service] of Object.entries(services)) {
      expect(Object.keys(service.depends_on ?? {}).filter((other) => !services[other])).toEqual([]);
      expect((service.configs ?? []).filter(({ source }) => !configs[source])).toEqual([]);
      expect((service.volumes ?? []).filter((volume) => !((volume.split(':')[0] ?? '') in volumes))).toEqual([]);
      if (name === 'web' || name === 'worker')
        expect(service.depends_on).toEqual({ migrate: { condition: 'service_completed_successfully' } });
    }
  });
});
