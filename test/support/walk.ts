import pg from 'pg';

/** Everything that a database holds in the product's tables, as a superuser sees it. */
export interface Walk {
  /** Tables with a row that holds any of these, in clear or as hexadecimal. */
  holding(markers: readonly string[]): string[];
  /** Bytes that are long enough to be sealed, as `table.column` by their hexadecimal form. */
  readonly sealed: ReadonlyMap<string, string>;
}

export async function walk(settings: { host: string; user: string; database: string }): Promise<Walk> {
  const client = new pg.Client({ ...settings, user: 'postgres' });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      // in the order they were made: of bytes that lie in two of them the later one is named
      `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by oid`,
    );
    const lines: { table: string; row: Record<string, unknown> }[] = [];
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: Record<string, unknown> }>(
        `select to_jsonb(t) as row from "${name}" t`,
      );
      lines.push(...rows.map(({ row }) => ({ table: name, row })));
    }
    const sealed = lines.flatMap(({ table, row }) =>
      Object.entries(row).flatMap(([column, value]): [string, string][] =>
        typeof value === 'string' && value.startsWith('\\x') && value.length > 2 + 2 * 29
          ? [[value, `${table}.${column}`]]
          : [],
      ),
    );
    const texts = lines.map(({ table, row }) => ({ table, text: JSON.stringify(row) }));
    return {
      sealed: new Map(sealed),
      holding(markers) {
        const wanted = markers.flatMap((marker) => [marker, Buffer.from(marker).toString('hex')]);
        const found = texts.filter(({ text }) =>
          wanted.some((each) => text.toLowerCase().includes(each.toLowerCase())),
        );
        return [...new Set(found.map(({ table }) => table))].sort();
      },
    };
  } finally {
    await client.end();
  }
}

/** The names of all tables of the product. */
export async function tablesOf(settings: { host: string; user: string; database: string }): Promise<string[]> {
  const client = new pg.Client({ ...settings, user: 'postgres' });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
    );
    return rows.map(({ name }) => name);
  } finally {
    await client.end();
  }
}
