import { z } from 'zod';
import { cannedSchema, formSchema, languageSchema, playbookSchema } from './schema.ts';

/** The JSON Schemas of a playbook's files, for editors: made of what reads them, by the name of the file or its folder. */
export function playbookJsonSchemas(): Record<'playbook' | 'templates' | 'canned' | 'form', object> {
  return {
    playbook: z.toJSONSchema(playbookSchema, { io: 'input' }),
    templates: z.toJSONSchema(languageSchema, { io: 'input' }),
    canned: z.toJSONSchema(cannedSchema, { io: 'input' }),
    form: z.toJSONSchema(formSchema, { io: 'input' }),
  };
}
