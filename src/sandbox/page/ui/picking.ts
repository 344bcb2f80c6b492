/* What a list of options shows and where the arrow keys lead. Pure. */

/** Options whose text holds all typed words, whatever their case. */
export function offered<T extends { option: { text: string } }>(options: readonly T[], typed: string): readonly T[] {
  const words = typed.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return options.filter(({ option }) => words.every((word) => option.text.toLocaleLowerCase().includes(word)));
}

/** Where a key leads in a list of `length`, from `at`; undefined for other keys. The ends are joined. */
export function moved(key: string, at: number, length: number): number | undefined {
  if (length === 0) return undefined;
  switch (key) {
    case 'ArrowDown':
      return (at + 1) % length;
    case 'ArrowUp':
      return (at - 1 + length) % length;
    case 'Home':
      return 0;
    case 'End':
      return length - 1;
    default:
      return undefined;
  }
}
