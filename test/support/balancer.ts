import { connect, createServer, type Socket } from 'node:net';

/** What stands before several web processes: each connection goes to the next one that takes it. */
export interface Balancer {
  /** One more process, by its port. */
  add(port: number): void;
  close(): Promise<void>;
}

export async function startBalancer(port: number): Promise<Balancer> {
  const ports: number[] = [];
  const open = new Set<Socket>();
  let turn = 0;

  function forward(client: Socket, tries: number): void {
    const to = ports[turn++ % ports.length];
    if (to === undefined || tries === 0) {
      client.destroy();
      return;
    }
    let connected = false;
    const upstream = connect(to, '127.0.0.1', () => {
      connected = true;
      client.pipe(upstream).pipe(client);
    });
    upstream.once('error', () => (connected ? client.destroy() : forward(client, tries - 1)));
    client.once('close', () => upstream.destroy());
  }

  const server = createServer((client) => {
    open.add(client);
    client.on('error', () => {}).once('close', () => open.delete(client));
    forward(client, ports.length);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    add: (added) => void ports.push(added),
    async close() {
      for (const each of open) each.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
