import { draw } from './draw.ts';
import type { Drawing } from './drawing.ts';

/* A process that only draws: started when a picture is wanted, replaced after some, gone when nobody asks. */

process.on('message', ({ id, drawing }: { id: number; drawing: Drawing }) => {
  try {
    process.send?.({ id, png: draw(drawing) });
  } catch (error) {
    process.send?.({ id, problem: error instanceof Error ? error.message : 'not drawn' });
  }
  globalThis.gc?.();
});
process.on('disconnect', () => process.exit());
