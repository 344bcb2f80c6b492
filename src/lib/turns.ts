/**
 * Work that takes turns: what is asked for under one key begins when what was asked for before it under that key has ended,
 * well or not; other keys do not wait. Of one process, in memory: what has to hold beyond that is the database's.
 */
export function createTurns() {
  const last = new Map<string, Promise<unknown>>();

  return function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = last.get(key) ?? Promise.resolve();
    const turn = before.then(work, work);
    last.set(key, turn);
    const forget = () => {
      if (last.get(key) === turn) last.delete(key);
    };
    turn.then(forget, forget);
    return turn;
  };
}
