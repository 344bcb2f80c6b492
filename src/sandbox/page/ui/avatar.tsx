import { initials } from '../state/people.ts';
import { Mark } from './icons.tsx';

const TINTS = 6;

/** A person as a tile with their letters, always in the same tint; the bot as the product's sign. */
export function Avatar({ name, id, bot, size }: { name: string; id: string; bot?: boolean; size: number }) {
  const style = { width: size, height: size, fontSize: size * 0.4 };
  if (bot) {
    return (
      <span className="avatar bot" style={style} aria-hidden="true">
        <Mark size={size * 0.68} />
      </span>
    );
  }
  return (
    <span className={`avatar tint-${tintOf(id)}`} style={style} aria-hidden="true">
      {initials(name)}
    </span>
  );
}

function tintOf(id: string): number {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return sum % TINTS;
}
