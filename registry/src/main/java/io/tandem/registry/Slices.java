package io.tandem.registry;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;

/** Iterators made of others, which take from these only as they are read themselves. */
final class Slices {

  private Slices() {}

  /** One after the other. */
  static <T> Iterator<T> joined(Iterator<? extends T> one, Iterator<? extends T> other) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return one.hasNext() || other.hasNext();
      }

      @Override
      public T next() {
        return one.hasNext() ? one.next() : other.next();
      }
    };
  }

  /** What the function makes of each. */
  static <S, T> Iterator<T> flat(Iterator<S> source, Function<S, List<T>> function) {
    return new Iterator<>() {
      private Iterator<T> current = Collections.emptyIterator();

      @Override
      public boolean hasNext() {
        while (!current.hasNext() && source.hasNext()) {
          current = function.apply(source.next()).iterator();
        }
        return current.hasNext();
      }

      @Override
      public T next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return current.next();
      }
    };
  }
}
