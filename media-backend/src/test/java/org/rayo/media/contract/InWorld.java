package org.rayo.media.contract;

import java.util.concurrent.Callable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Opens a world for a class of tests and those nested in it, and closes it after the last. */
final class InWorld implements BeforeAllCallback, AfterAllCallback, ParameterResolver {

  private final Callable<? extends World> opening;
  private World world;

  InWorld(Callable<? extends World> opening) {
    this.opening = opening;
  }

  private static boolean isNested(ExtensionContext context) {
    return context.getRequiredTestClass().getEnclosingClass() != null;
  }

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    if (!isNested(context)) {
      world = opening.call();
    }
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    if (!isNested(context) && world != null) {
      world.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == World.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return world;
  }
}
