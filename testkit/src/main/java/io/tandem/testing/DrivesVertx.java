package io.tandem.testing;

import io.vertx.junit5.VertxExtension;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test class that drives Vert.x. Its methods are given a {@link io.vertx.core.Vertx} by Vert.x's
 * own extension: one for all methods that set up, test and tear down together, closed after them.
 * What an event loop of it throws fails the test at once, wherever the test waits, as it does for
 * every Vert.x that a test makes.
 *
 * <p>Where a test does not wait but listens, it also asks for a {@link
 * io.vertx.junit5.VertxTestContext}.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith({EventLoopFailures.class, VertxExtension.class})
public @interface DrivesVertx {}
