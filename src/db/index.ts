export type { ConnectionSettings } from './connection.ts';
export { type Database, openDatabase, type Sql, StartAgain, type Tx } from './database.ts';
export { type EmbeddedPostgres, joinEmbedded, startEmbedded } from './embedded.ts';
export { createListener } from './listen.ts';
export { migrate } from './migrate.ts';
export { isOutage } from './outage.ts';
