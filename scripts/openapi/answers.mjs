// What handlers answer, as JSON Schema, and what is said of them: read from their types and comments.
import { join } from 'node:path';
import ts from 'typescript';

/** Reads the TypeScript sources of the repository at `root`; named types become entries of `components`. */
export function readAnswers(root) {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const files = fileNames.filter((file) => /\.controller\.ts$/.test(file));
  const program = ts.createProgram(files, { ...options, noEmit: true });
  const checker = program.getTypeChecker();
  const components = {};
  const schemaOf = schemaMaker(checker, components);
  const answers = new Map();
  for (const source of program.getSourceFiles().filter(({ fileName }) => files.includes(fileName))) {
    for (const node of source.statements.filter(ts.isClassDeclaration)) {
      for (const method of node.members.filter(ts.isMethodDeclaration)) {
        const returned = checker.getReturnTypeOfSignature(checker.getSignatureFromDeclaration(method));
        const symbol = checker.getSymbolAtLocation(method.name);
        const said = ts.displayPartsToString(symbol.getDocumentationComment(checker));
        const type = checker.getAwaitedType(returned) ?? returned;
        answers.set(`${node.name.text}.${method.name.getText()}`, { said, schema: () => schemaOf(type) });
      }
    }
  }
  return { answers, components };
}

function schemaMaker(checker, components) {
  const names = new Map();

  const described = (symbol, schema) => {
    const text = ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();
    return text === ''
      ? schema
      : '$ref' in schema
        ? { allOf: [schema], description: text }
        : { ...schema, description: text };
  };

  function schemaOf(type) {
    if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return {};
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
    if (type.flags & ts.TypeFlags.BooleanLiteral) return { const: checker.typeToString(type) === 'true' };
    if (type.flags & ts.TypeFlags.Boolean) return { type: 'boolean' };
    if (type.flags & ts.TypeFlags.StringLike) return { type: 'string' };
    if (type.flags & ts.TypeFlags.NumberLike) return { type: 'number' };
    if (type.flags & ts.TypeFlags.Null) return { type: 'null' };
    // a string or a number with a brand
    const base =
      type.isIntersection() &&
      type.types.find(({ flags }) => flags & (ts.TypeFlags.StringLike | ts.TypeFlags.NumberLike));
    if (base) return schemaOf(base);
    if (type.isUnion()) return named(type, () => unionOf(type));
    if (checker.isArrayType(type) || checker.isTupleType(type)) {
      const items = checker.getTypeArguments(type).map(schemaOf);
      return checker.isTupleType(type) && items.length !== 1
        ? { type: 'array', prefixItems: items, minItems: items.length, maxItems: items.length }
        : { type: 'array', items: items[0] };
    }
    if (checker.typeToString(type) === 'Date') return { type: 'string', format: 'date-time' };
    return named(type, () => objectOf(type));
  }

  /** A type with a name is said once; what it is called twice with different arguments is told apart by them. */
  function named(type, make) {
    const symbol = type.aliasSymbol ?? (type.symbol?.flags & ts.SymbolFlags.Interface ? type.symbol : undefined);
    if (symbol === undefined || ['Record', 'Partial', 'Omit', 'Pick', 'Readonly', 'Required'].includes(symbol.name))
      return make();
    const text = checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation);
    const name = text
      .replace(/<(.*)>/s, '_$1')
      .replace(/\W+/g, '_')
      .replace(/_+$/, '')
      .slice(0, 80);
    if (!names.has(type)) {
      names.set(type, name);
      components[name] = {};
      Object.assign(components[name], described(symbol, make()));
    }
    return { $ref: `#/components/schemas/${names.get(type)}` };
  }

  function unionOf(type) {
    const members = type.types.filter((member) => !(member.flags & ts.TypeFlags.Undefined));
    if (members.every((member) => member.isStringLiteral()))
      return { type: 'string', enum: members.map(({ value }) => value) };
    if (members.every((member) => member.flags & ts.TypeFlags.BooleanLiteral)) return { type: 'boolean' };
    const literals = members.filter((member) => member.flags & ts.TypeFlags.BooleanLiteral);
    const rest = literals.length === 2 ? members.filter((member) => !literals.includes(member)) : members;
    const schemas = [...rest.map(schemaOf), ...(literals.length === 2 ? [{ type: 'boolean' }] : [])];
    return schemas.length === 1 ? schemas[0] : { anyOf: schemas };
  }

  function objectOf(type) {
    const properties = {};
    const required = [];
    for (const property of checker.getPropertiesOfType(type)) {
      const of = checker.getTypeOfSymbol(property);
      if (of.getCallSignatures().length > 0) continue;
      properties[property.name] = described(property, schemaOf(of));
      if (!(property.flags & ts.SymbolFlags.Optional)) required.push(property.name);
    }
    const index = checker.getIndexTypeOfType(type, ts.IndexKind.String);
    return {
      type: 'object',
      ...(Object.keys(properties).length > 0 && { properties }),
      ...(required.length > 0 && { required }),
      ...(index !== undefined && { additionalProperties: schemaOf(index) }),
    };
  }

  return schemaOf;
}
