import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The part of JSON Schema that docs/json.md uses. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

/** The schemas of docs/json.md by command, as in `tasks` or `config show`. */
export function documentedSchemas(): ReadonlyMap<string, JsonSchema> {
  const text = readFileSync(join(import.meta.dirname, '../../docs/json.md'), 'utf8');
  const sections = text.matchAll(/^## `tspipe ([a-z ]+) --json`$[\s\S]*?^```json\n([\s\S]*?)^```$/gm);
  return new Map(
    Array.from(sections, ([, command = '', schema = '']) => [command, JSON.parse(schema) as JsonSchema]),
  );
}

/** Everything in which a value differs from a schema, with the path to it; names it does not know are faults. */
export function faults(value: unknown, schema: JsonSchema, path = '$'): string[] {
  const types = [schema.type ?? []].flat();
  if (types.length > 0 && !types.some((type) => isOfType(value, type)))
    return [`${path} is no ${types.join(' or ')}`];
  const found: string[] = [];
  if (schema.enum !== undefined && !schema.enum.includes(value)) found.push(`${path} is not listed`);
  if (schema.pattern !== undefined && !new RegExp(schema.pattern).test(String(value)))
    found.push(`${path} does not match`);
  if (typeof value === 'number' && value < (schema.minimum ?? -Infinity)) found.push(`${path} is too small`);
  if (Array.isArray(value))
    return [
      ...found,
      ...value.flatMap((item, index) => faults(item, schema.items ?? {}, `${path}[${index}]`)),
    ];
  return schema.properties === undefined ? found : [...found, ...faultsOfObject(value, schema, path)];
}

function faultsOfObject(
  value: unknown,
  { properties = {}, required = [] }: JsonSchema,
  path: string,
): string[] {
  const entries = Object.entries(value as object);
  const missing = required.filter((key) => !entries.some(([known]) => known === key));
  return [
    ...missing.map((key) => `${path}.${key} is missing`),
    ...entries.flatMap(([key, part]) => {
      const schema = properties[key];
      return schema === undefined
        ? [`${path}.${key} is not documented`]
        : faults(part, schema, `${path}.${key}`);
    }),
  ];
}

function isOfType(value: unknown, type: string): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}
