package io.tandem.testing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/** Which way the arrows go between the packages of a module; those between modules Maven holds. */
public final class Architecture {

  private final JavaClasses classes;

  private Architecture(JavaClasses classes) {
    this.classes = classes;
  }

  /** Of this package and those below it, without their tests. */
  public static Architecture of(String root) {
    return new Architecture(
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_JARS)
            .importPackages(root));
  }

  /** No package needs itself, by whatever way round. */
  public Architecture hasNoCircles() {
    slices().matching("io.tandem.(**)").should().beFreeOfCycles().check(classes);
    return this;
  }

  /** Nothing in the package needs anything in these, or below them. */
  public Architecture keepsApart(String packageName, String... others) {
    String[] theirs = new String[others.length];
    for (int i = 0; i < others.length; i++) {
      theirs[i] = others[i] + "..";
    }
    noClasses()
        .that()
        .resideInAPackage(packageName + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(theirs)
        .check(classes);
    return this;
  }
}
