package org.rayo.examples;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;

/** Holds the modules and packages to their directions; docs/architecture.md draws them. */
@AnalyzeClasses(packages = "org.rayo", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

  private static final String[] XMPP = {"org.xmpp..", "org.jivesoftware..", "org.dom4j.."};
  private static final List<String> WORDS = List.of("util", "common", "impl", "manager", "helper");

  @ArchTest
  static void everyPart_isSeen(JavaClasses classes) {
    assertThat(packages(classes))
        .contains(
            "org.rayo.call",
            "org.rayo.config",
            "org.rayo.examples",
            "org.rayo.media.rtp",
            "org.rayo.notice",
            "org.rayo.protocol",
            "org.rayo.recording",
            "org.rayo.server",
            "org.rayo.storage.file",
            "org.rayo.storage.s3",
            "org.rayo.testkit.client",
            "org.rayo.xmpp");
  }

  @ArchTest
  static final ArchRule media_knowsNeitherXmppNorStorageNorTheServer =
      noClasses()
          .that(resideInAPackage("org.rayo.media.."))
          .should()
          .dependOnClassesThat(ours().and(resideOutsideOfPackages("org.rayo.media..")))
          .orShould()
          .dependOnClassesThat(resideInAnyPackage(XMPP))
          .because("media-backend carries calls and audio, whoever asks for it");

  @ArchTest
  static final ArchRule storage_knowsNobody =
      noClasses()
          .that(resideInAPackage("org.rayo.storage.."))
          .should()
          .dependOnClassesThat(ours().and(resideOutsideOfPackages("org.rayo.storage..")))
          .orShould()
          .dependOnClassesThat(resideInAnyPackage(XMPP));

  @ArchTest
  static final ArchRule protocol_knowsNoActorsAndNoServer =
      noClasses()
          .that(resideInAPackage("org.rayo.protocol"))
          .should()
          .dependOnClassesThat(resideInAnyPackage("org.apache.pekko.."))
          .orShould()
          .dependOnClassesThat(
              ours()
                  .and(
                      resideOutsideOfPackages(
                          "org.rayo.protocol", "org.rayo.media", "org.rayo.grammar")));

  @ArchTest
  static final ArchRule recording_knowsNeitherCallsNorXmpp =
      noClasses()
          .that(resideInAPackage("org.rayo.recording"))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "org.rayo.call", "org.rayo.xmpp", "org.rayo.config", "org.rayo.protocol"))
          .orShould()
          .dependOnClassesThat(resideInAnyPackage(XMPP));

  @ArchTest
  static final ArchRule notice_knowsItsSettingsAndNamesOnly =
      noClasses()
          .that(resideInAPackage("org.rayo.notice"))
          .should()
          .dependOnClassesThat(
              ours()
                  .and(
                      resideOutsideOfPackages(
                          "org.rayo.notice", "org.rayo.config", "org.rayo.storage")))
          .orShould()
          .dependOnClassesThat(resideInAnyPackage(XMPP));

  @ArchTest
  static final ArchRule xmpp_knowsNothingOfCallsAndRecordings =
      noClasses()
          .that(resideInAPackage("org.rayo.xmpp"))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "org.rayo.call",
                  "org.rayo.recording",
                  "org.rayo.media..",
                  "org.rayo.storage..",
                  "org.rayo.config"));

  @ArchTest
  static final ArchRule config_isALeaf =
      noClasses()
          .that(resideInAPackage("org.rayo.config"))
          .should()
          .dependOnClassesThat(
              ours()
                  .and(
                      resideOutsideOfPackages(
                          "org.rayo.config",
                          "org.rayo.protocol",
                          "org.rayo.media.freeswitch",
                          "org.rayo.media.sip",
                          "org.rayo.storage")));

  @ArchTest
  static final ArchRule server_isImportedByTheExamplesOnly =
      noClasses()
          .that(resideOutsideOfPackages("org.rayo.server", "org.rayo.examples.."))
          .should()
          .dependOnClassesThat(resideInAPackage("org.rayo.server"));

  @ArchTest
  static final ArchRule testkit_knowsTheServerOnlyByItsProtocols =
      noClasses()
          .that(resideInAPackage("org.rayo.testkit.."))
          .should()
          .dependOnClassesThat(ours().and(resideOutsideOfPackages("org.rayo.testkit..")));

  @ArchTest
  static final ArchRule packages_haveNoCycles =
      slices().matching("org.rayo.(**)").should().beFreeOfCycles();

  @ArchTest
  static void packages_areNamedForWhatTheyHold(JavaClasses classes) {
    assertThat(packages(classes))
        .allSatisfy(
            name -> assertThat(List.of(name.split("\\."))).doesNotContainAnyElementsOf(WORDS));
  }

  @ArchTest
  static void packages_areNullMarkedAndDescribed(JavaClasses classes) {
    assertThat(packages(classes))
        .allSatisfy(
            name -> {
              JavaPackage itself = classes.getPackage(name);
              assertThat(itself.tryGetPackageInfo()).as(name).isPresent();
              assertThat(itself.isAnnotatedWith(NullMarked.class)).as(name).isTrue();
            });
  }

  private static DescribedPredicate<JavaClass> ours() {
    return resideInAPackage("org.rayo..");
  }

  private static Set<String> packages(JavaClasses classes) {
    Set<String> names = new TreeSet<>();
    classes.forEach(javaClass -> names.add(javaClass.getPackageName()));
    return names;
  }
}
