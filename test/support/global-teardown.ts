import { rmSync } from 'node:fs';
import type { EmbeddedPostgres } from '../../src/db/embedded.ts';

export default async function teardown(): Promise<void> {
  const { testServer } = globalThis as unknown as { testServer: { server: EmbeddedPostgres; parent: string } };
  await testServer.server.stop();
  rmSync(testServer.parent, { recursive: true, force: true });
}
