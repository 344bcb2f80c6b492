import type { Settings } from '../settings.ts';

/*
 * A unit is the smallest part of the settings that one change takes as a whole: two people may change different units at
 * the same time. Most settings are one unit; maps have one for each entry, and the facts one for each topic.
 */

/** How many levels of keys lie above a unit, for settings that are maps. */
const DEPTH: Readonly<Record<string, number>> = {
  business: 1,
  senders: 1,
  agentModes: 1,
  alertRoutes: 1,
  messageCost: 1,
  opening: 1,
  firstChannels: 1,
  cadences: 1,
  templates: 3,
  scoring: 2,
};
/** Settings that are lists, known by this key of their entries. */
const LISTS: Readonly<Record<string, string>> = { facts: 'topic' };

/** `sendHours`, `agentModes/test-drive`, `facts/price: BMW X5`, `templates/test-drive/drive_thanks/sv`. */
export type UnitPath = string;

type Map_ = Readonly<Record<string, unknown>>;
const isMap = (value: unknown): value is Map_ => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The setting that a unit belongs to, and where in it the unit is. */
export function partsOf(path: UnitPath): { key: string; parts: string[] } {
  const [key = '', ...rest] = path.split('/');
  // a topic may hold a slash itself
  const parts = LISTS[key] === undefined ? rest : rest.length > 0 ? [rest.join('/')] : [];
  return { key, parts };
}

/** Every unit with its value, in the order of the settings. Pure. */
export function unitsOf(settings: Settings): Map<UnitPath, unknown> {
  const units = new Map<UnitPath, unknown>();
  for (const [key, value] of Object.entries<unknown>(settings)) {
    const id = LISTS[key];
    if (id !== undefined && Array.isArray(value)) {
      for (const entry of value) units.set(`${key}/${isMap(entry) ? String(entry[id]) : ''}`, entry);
    } else {
      collect(units, key, value, DEPTH[key] ?? 0);
    }
  }
  return units;
}

function collect(units: Map<UnitPath, unknown>, path: UnitPath, value: unknown, depth: number): void {
  if (depth === 0 || !isMap(value)) {
    units.set(path, value);
    return;
  }
  for (const [key, part] of Object.entries(value)) collect(units, `${path}/${key}`, part, depth - 1);
}

/** The settings with some units set, or taken out where the value is undefined. The result is still to be parsed. Pure. */
export function withUnits(settings: Settings, changes: ReadonlyMap<UnitPath, unknown>): Record<string, unknown> {
  const next: Record<string, unknown> = { ...settings };
  for (const [path, value] of changes) {
    const { key, parts } = partsOf(path);
    const id = LISTS[key];
    next[key] = id === undefined ? placed(next[key], parts, value) : listed(next[key], id, parts[0] ?? '', value);
  }
  return next;
}

/** Maps that have lost their last entry go as well, but for the setting itself. */
function placed(into: unknown, [part, ...rest]: readonly string[], value: unknown): unknown {
  if (part === undefined) return value;
  const { [part]: before, ...others } = isMap(into) ? into : {};
  const inner = placed(before, rest, value);
  const gone = inner === undefined || (rest.length > 0 && isMap(inner) && Object.keys(inner).length === 0);
  if (gone) return others;
  return isMap(into) && Object.hasOwn(into, part) ? { ...into, [part]: inner } : { ...others, [part]: inner };
}

function listed(into: unknown, id: string, name: string, value: unknown): unknown {
  const list: unknown[] = Array.isArray(into) ? into : [];
  const at = list.findIndex((entry) => isMap(entry) && entry[id] === name);
  if (value === undefined) return list.filter((_, index) => index !== at);
  return at < 0 ? [...list, value] : list.with(at, value);
}
