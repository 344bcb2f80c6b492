import type { Rows, Tx } from './database.ts';

/**
 * Runs work of which the rows leave together: what several calls of `writeRows` store by one statement is one statement. It
 * reads what it has written, because whatever is asked in between comes after the rows that wait. Models would not wait for
 * them and are refused.
 */
export async function together<T>(tx: Tx, work: (tx: Tx) => Promise<T>): Promise<T> {
  type Waiting = { columns: unknown[][]; understood: ((error: unknown) => unknown) | undefined };
  const waiting = new Map<Rows, Waiting>();

  /** All of it is sent, in order, before this returns. */
  function flush(): Promise<unknown> {
    const all = [...waiting].sort(([a], [b]) => a.depth - b.depth);
    waiting.clear();
    return Promise.all(all.map(([rows, { columns, understood }]) => tx.writeRows(rows, columns, understood)));
  }

  const result = await work({
    tenantId: tx.tenantId,
    get orm(): never {
      throw new Error('models do not wait for rows that leave together');
    },
    async query<Row extends object>(...asked: Parameters<Tx['query']>): Promise<Row[]> {
      const sent = flush();
      const [rows] = await Promise.all([tx.query<Row>(...asked), sent]);
      return rows;
    },
    async write(...told) {
      const sent = flush();
      await Promise.all([tx.write(...told), sent]);
    },
    async writeRows(rows, columns, understood) {
      const there = waiting.get(rows);
      if (there) columns.forEach((column, at) => void there.columns[at]?.push(...column));
      else waiting.set(rows, { columns: columns.map((column) => [...column]), understood });
    },
    notify: tx.notify,
  });
  await flush();
  return result;
}
