// What openapi.json says, in the shape the page needs it.

export class Api {
  constructor(document) {
    this.document = document;
    this.schemas = document.components.schemas;
    this.operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, said]) => this.operation(path, method, said)));
    this.byId = new Map(this.operations.map((operation) => [operation.id, operation]));
    this.tags = document.tags.map((tag) => ({
      ...tag, operations: this.operations.filter((operation) => operation.tag === tag.name),
    }));
  }

  operation(path, method, said) {
    const body = said.requestBody?.content["application/json"];
    return {
      path, method, body, id: said.operationId, tag: said.tags[0], summary: said.summary,
      description: said.description, permissions: said["x-permissions"] ?? [], open: !said.security.length,
      parameters: said.parameters.map((parameter) => this.resolved(parameter)),
      responses: Object.entries(said.responses).map(([status, response]) => ({ status, ...this.resolved(response) })),
    };
  }

  resolved(thing) {
    let found = thing;
    while (found?.$ref) {
      found = found.$ref.split("/").slice(1).reduce((at, step) => at[step.replace(/~1/g, "/")], this.document);
    }
    return found;
  }

  schemaName(schema) {
    return schema?.$ref?.split("/").pop();
  }

  // What a schema is called in a line: "uuid", "list of OrderLine", "EUR or null".
  typeOf(schema) {
    if (schema.$ref) return this.schemaName(schema);
    const choices = schema.anyOf ?? schema.oneOf;
    if (choices) return choices.map((choice) => this.typeOf(choice)).join(" or ");
    if (schema.const !== undefined) return JSON.stringify(schema.const);
    if (schema.type === "array") return `list of ${schema.items ? this.typeOf(schema.items) : "anything"}`;
    if (Array.isArray(schema.type)) return schema.type.join(" or ");
    return schema.format ?? schema.type ?? "anything";
  }

  // The named schemas that stand in a schema, to be opened below it.
  named(schema) {
    if (schema.$ref) return [this.schemaName(schema)];
    const inside = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.items ? [schema.items] : [])];
    return inside.flatMap((part) => this.named(part));
  }

  limits(schema) {
    const own = [schema, ...(schema.anyOf ?? [])].flatMap((part) => [
      part.minLength > 1 && `at least ${part.minLength} characters`,
      part.maxLength && `at most ${part.maxLength} characters`,
      part.minItems && `at least ${part.minItems}`,
      part.maxItems && `at most ${part.maxItems}`,
      part.minimum !== undefined && `from ${part.minimum}`,
      part.exclusiveMinimum !== undefined && `more than ${part.exclusiveMinimum}`,
      part.maximum !== undefined && `to ${part.maximum}`,
      part.pattern && !part.format && (part.pattern.includes("\\x00") ? "no control characters" : `like ${part.pattern}`),
    ]).filter(Boolean);
    if (schema.default !== undefined && schema.default !== null) own.push(`else ${JSON.stringify(schema.default)}`);
    return [...new Set(own)];
  }
}
