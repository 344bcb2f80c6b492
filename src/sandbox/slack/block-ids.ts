import type { Block } from './blocks.ts';
import { mintId } from './ids.ts';

/** Gives every block and every element the id it lacks, as Slack does before it shows or returns them. */
export function withIds<B extends Block>(blocks: readonly B[]): B[] {
  return blocks.map((block) => {
    const named = { ...block, block_id: block.block_id ?? mintId('', 5) };
    switch (named.type) {
      case 'actions':
        return { ...named, elements: named.elements.map(withId) };
      case 'input':
        return { ...named, element: withId(named.element) };
      case 'section':
        if (named.accessory === undefined || named.accessory.type === 'image') return named;
        return { ...named, accessory: withId(named.accessory) };
      default:
        return named;
    }
  });
}

function withId<E extends { action_id?: string | undefined }>(element: E): E {
  return { ...element, action_id: element.action_id ?? mintId('', 5) };
}
