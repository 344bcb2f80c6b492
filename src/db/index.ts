export { databaseAnswers } from './answers.ts';
export type { ConnectionSettings } from './connection.ts';
export { type Database, openDatabase, type Rows, type Sql, StartAgain, type Tx } from './database.ts';
export {
  archivingInto,
  type EmbeddedPostgres,
  joinEmbedded,
  NOT_ARCHIVING,
  startEmbedded,
  takeFolder,
} from './embedded.ts';
export type { Runner } from './embedded-files.ts';
export { createListener } from './listen.ts';
export { migrate } from './migrate.ts';
export { isOutage } from './outage.ts';
export { together } from './together.ts';
