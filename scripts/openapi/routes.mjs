// The routes of a stage, read from what Nest keeps of its controllers.
import 'reflect-metadata';

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'];
const PLACES = { 3: 'body', 4: 'query', 5: 'path', 6: 'header' };

/** Every route of the controllers of a stage, with the parts of a request that its handler takes. */
export function routesOf({ name: stage, controllers }) {
  return controllers.flatMap((controller) => {
    const prefix = Reflect.getMetadata('path', controller);
    return Object.getOwnPropertyNames(controller.prototype).flatMap((handler) => {
      const target = controller.prototype[handler];
      const path = typeof target === 'function' ? Reflect.getMetadata('path', target) : undefined;
      if (path === undefined || Reflect.getMetadata('method', target) === undefined) return [];
      return {
        stage,
        controller: controller.name,
        handler,
        method: METHODS[Reflect.getMetadata('method', target)],
        path: `/${[prefix, path]
          .map((part) => part.replace(/^\/|\/$/g, ''))
          .filter(Boolean)
          .join('/')}`,
        status: Reflect.getMetadata('__httpCode__', target) ?? 200,
        stream: Reflect.getMetadata('__sse__', target) === true,
        parts: partsOf(controller, handler),
      };
    });
  });
}

function partsOf(controller, handler) {
  const given = Reflect.getMetadata('__routeArguments__', controller, handler) ?? {};
  return Object.entries(given).flatMap(([key, { data, pipes }]) => {
    const place = PLACES[key.split(':')[0]];
    if (place === undefined) return [];
    const schema = pipes.find((pipe) => pipe.schema !== undefined)?.schema;
    return { place, name: data, schema };
  });
}
