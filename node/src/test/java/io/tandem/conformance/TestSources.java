package io.tandem.conformance;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewArrayTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * Finds the marked tests in Java sources. It parses instead of loading classes, so one module can
 * read the tests of all others, and what is not compiled yet is not overlooked.
 */
final class TestSources {
  private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

  /** The stages of the tests that have more than one node. */
  private static final Pattern SEVERAL_NODES =
      Pattern.compile(
          "TestCluster|VirtualCluster|ClusterRun|ThreeNodes|twoNodes\\(|threeNodes\\("
              + "|new World\\([2-9], [0-9]");

  private TestSources() {}

  /** Reads all files below the modules' {@code src/test/java}. */
  static List<MarkedTest> scan(Path root, List<Path> files) throws IOException {
    try (var manager = COMPILER.getStandardFileManager(null, null, null)) {
      return parse(root, manager.getJavaFileObjectsFromPaths(files));
    }
  }

  static List<MarkedTest> parse(Path root, Iterable<? extends JavaFileObject> files)
      throws IOException {
    var task = (JavacTask) COMPILER.getTask(null, null, null, null, null, files);
    List<MarkedTest> tests = new ArrayList<>();
    for (CompilationUnitTree unit : task.parse()) {
      Path source = root.relativize(Path.of(unit.getSourceFile().toUri()));
      new Scanner(source.toString().replace('\\', '/'), tests).scan(unit, null);
    }
    return tests;
  }

  /** Walks one file and collects the methods with a mark. */
  private static final class Scanner extends TreeScanner<@Nullable Void, @Nullable Void> {
    private final String source;
    private final List<MarkedTest> tests;
    private final Deque<ClassTree> classes = new ArrayDeque<>();

    Scanner(String source, List<MarkedTest> tests) {
      this.source = source;
      this.tests = tests;
    }

    @Override
    public @Nullable Void visitClass(ClassTree type, @Nullable Void none) {
      classes.addLast(type);
      super.visitClass(type, null);
      classes.removeLast();
      return null;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, @Nullable Void none) {
      List<? extends AnnotationTree> own = method.getModifiers().getAnnotations();
      own.stream()
          .filter(annotation -> simpleName(annotation).equals("Conformance"))
          .forEach(mark -> tests.add(markedTest(method, own, mark)));
      return super.visitMethod(method, null);
    }

    private MarkedTest markedTest(
        MethodTree method, List<? extends AnnotationTree> own, AnnotationTree mark) {
      List<String> annotations =
          Stream.concat(
                  own.stream(),
                  classes.stream().flatMap(type -> type.getModifiers().getAnnotations().stream()))
              .map(Scanner::simpleName)
              .toList();
      String type =
          String.join(".", classes.stream().map(c -> c.getSimpleName().toString()).toList());
      boolean several = isOnSeveralNodes(method) || classes.stream().anyMatch(this::isSetOnSeveral);
      return new MarkedTest(
          source, type, method.getName().toString(), ids(mark), annotations, several);
    }

    /** What is no method, and what runs before each. */
    private boolean isSetOnSeveral(ClassTree type) {
      return type.getMembers().stream()
          .filter(member -> !(member instanceof MethodTree each) || isSetup(each))
          .filter(member -> !(member instanceof ClassTree))
          .anyMatch(Scanner::isOnSeveralNodes);
    }

    private static boolean isSetup(MethodTree method) {
      return method.getModifiers().getAnnotations().stream()
          .anyMatch(annotation -> simpleName(annotation).startsWith("Before"));
    }

    private static boolean isOnSeveralNodes(Tree code) {
      return SEVERAL_NODES.matcher(code.toString()).find();
    }

    private static String simpleName(AnnotationTree annotation) {
      String name = annotation.getAnnotationType().toString();
      return name.substring(name.lastIndexOf('.') + 1);
    }

    private static List<String> ids(AnnotationTree mark) {
      return mark.getArguments().stream()
          .map(argument -> argument instanceof AssignmentTree a ? a.getExpression() : argument)
          .flatMap(
              value ->
                  value instanceof NewArrayTree a ? a.getInitializers().stream() : Stream.of(value))
          .map(Scanner::text)
          .toList();
    }

    /** The literal's value; anything but a literal stays as written and fails as an unknown ID. */
    private static String text(ExpressionTree value) {
      return value instanceof LiteralTree literal
          ? String.valueOf(literal.getValue())
          : value.toString();
    }
  }
}
