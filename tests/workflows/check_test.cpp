// The lint has nothing to say of the rails that ship, and says what is wrong with others.
#include "workflows/check.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <set>

#include "tests/support/shipped_rails.h"

namespace aiguillage::workflows {
namespace {

namespace fs = std::filesystem;

// « faulty.scxml:4:5 code sentence », a line each; folders left out.
std::string Told(const std::vector<Finding>& findings) {
  std::string lines;
  for (const auto& finding : findings) {
    lines += fs::path(finding.file).filename().string() + ":" + std::to_string(finding.line) + ":" +
             std::to_string(finding.column) + " " + finding.code + " " + finding.message + "\n";
  }
  return lines;
}

fs::path FaultyDir() { return fs::path(AIGUILLAGE_SOURCE_DIR) / "tests/workflows/faulty"; }

std::set<std::string> FaultyNames() {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(FaultyDir())) {
    if (entry.path().extension() == ".scxml") names.insert(entry.path().stem().string());
  }
  return names;
}

const char* const kTold =
    R"(assigning_guard.scxml:4:5 assigning_guard une condition ne doit rien affecter : écrire === pour comparer, <assign> pour retenir.
bad_comparison.scxml:4:5 bad_comparison « turns === '2' » compare « turns », un nombre, à un texte : jamais égaux. Comparer à une valeur de la même sorte.
bad_deadline.scxml:3:14 bad_deadline Échéance attendue sous la forme « 15 jours ouvrés », « 10 jours », « 2 mois » ou « call:NOM », reçu « 5 lunes ».
bad_extension.scxml:3:14 bad_extension prolongation attendue sous la forme extend="5 jours ouvrés" extend-by="RÔLE", reçu « 5 jours ouvrés », «  ».
bad_ladder.scxml:3:14 bad_ladder Étape de rappel attendue sous la forme « 3 jours ouvrés avant: turn », « le jour même: turn » ou « 7 jours ouvrés après: program_admin », dans l’ordre des jours, reçu « demain: turn ».
bad_resume.scxml:3:14 bad_resume resume="later" : attendu remaining, restart ou keep.
constant_guard.scxml:3:5 constant_guard la condition « 1 < 2 » est toujours vraie : la supprimer, ou y mettre ce qui doit décider.
dead_end.scxml:6:3 dead_end on ne sort jamais de « stuck » : lui donner une transition, ou en faire un <final>.
duplicate_id.scxml:5:3 duplicate_id l’id « writing » est déjà pris : en choisir un autre.
endless.scxml:4:5 endless boucle sans fin : cette transition s’enchaîne toute seule jusqu’à elle-même. Lui donner une condition, ou un événement que quelqu’un envoie.
expression.scxml:3:5 expression « 1 + » : caractère 4 : expected an expression, but got the end
faulty_form.json:1:1 form forms/faulty_form.json: /properties/verdict: il manque « title », le libellé du champ
invoke.scxml:3:5 invoke <invoke> d’une adresse n’est pas admis dans les rails : le supprimer.
misplaced.scxml:5:21 misplaced un <transition> n’a pas sa place ici : le mettre dans un <state>.
never_sent.scxml:4:5 never_sent rien ne lève « moon.full » : en faire une action (aap:label et aap:by), ou corriger le nom de l’événement.
never_taken.scxml:4:5 never_taken cette transition n’est jamais prise : celle de la ligne 3 passe toujours avant elle. Donner une condition à celle-là, ou supprimer celle-ci.
no_event.scxml:3:14 no_event cette échéance ne dit pas quel événement elle lève : ajouter event="NOM".
no_form.scxml:3:5 no_form l’action « Remettre » n’a pas de formulaire : ajouter aap:form="NOM", ou aap:form="" si elle ne demande rien à remplir.
no_label.scxml:3:5 no_label cette action n’a pas de nom : ajouter aap:label, un verbe.
no_owner.scxml:3:14 no_owner l’échéance de « writing » ne court pour personne : dire à qui c’est le tour par aap:turn.
no_recipient.scxml:3:111 no_recipient ce courriel n’a pas de destinataire : ajouter to="RÔLE".
no_role.scxml:3:5 no_role l’action « Remettre » n’est à personne : ajouter aap:by="RÔLE".
nobody_waits.scxml:3:111 nobody_waits « written » est levé et aucun état ne l’attend : ajouter <transition event="written">, ou corriger le nom.
roles.scxml:1:1 roles rôle « chief:chef » : attendu id:libellé:rôle, le dernier étant un rôle connu.
root.scxml:1:1 root l’élément racine attendu est <scxml> de SCXML 1.0.
script.scxml:3:111 script <script> n’est pas admis dans les rails d’un appel : écrire <assign> ou <if>.
silent_history.scxml:10:16 silent_history la reprise de la ligne 6 ramène à « asking_first » sans dire si ce délai repart : ajouter resume="remaining", "restart" ou "keep".
src.scxml:2:14 src src n’est pas admis dans les rails : écrire la valeur dans expr.
stray_justificatif.scxml:3:111 stray_justificatif seule une décision (accept, refuse, close) emporte un justificatif.
structure.scxml:1:1 structure l’état initial de « group » doit être l’un de ses descendants.
unknown_column.scxml:3:111 unknown_column « amount » n’est pas une colonne du projet : attendu collection, title, course_url ou publication_on.
unknown_data.scxml:3:5 unknown_data « turns » n’est déclaré par aucun <data> : l’ajouter à <datamodel>, ou corriger « turns < 2 ».
unknown_data.scxml:4:5 unknown_data « gone » n’est déclaré par aucun <data> : l’ajouter à <datamodel>.
unknown_effect.scxml:3:111 unknown_effect effet DS inconnu « congratulate » : attendu instruct, correction, accept, refuse, close, message ou annotate.
unknown_element.scxml:3:111 unknown_element <shout> n’est pas un contenu exécutable de SCXML : corriger son nom, ou le supprimer.
unknown_field.scxml:3:5 unknown_field le formulaire « opinion » n’a pas de champ « virdict » : l’ajouter à forms/opinion.json, ou corriger le nom.
unknown_form.scxml:3:5 unknown_form formulaire « nothing » : écrire le fichier forms/nothing.json, qui manque, ou corriger aap:freeze.
unknown_form.scxml:3:5 unknown_form formulaire « opinoin » : écrire le fichier forms/opinoin.json, qui manque, ou corriger aap:form.
unknown_replaced.scxml:3:111 unknown_replaced replaces nomme le courriel « tolde », qui n’existe pas : corriger le nom ou l’enlever.
unknown_role.scxml:3:5 unknown_role rôle inconnu « chief », que personne ne peut tenir : le remplacer par l’un de ceux-ci : project_holder co_holder collection_lead program_admin case_officer reviewer committee_member committee_chair designer trainer central_training_manager local_training_officer entity_admin integrator auditor.
unknown_target.scxml:4:5 unknown_target transition vers « nowhere » : aucun état ne porte cet id. Corriger target, ou ajouter l’état.
unknown_template.scxml:3:111 unknown_template courriel « nothing » : écrire le fichier mails/nothing.txt.mustache, qui manque, ou corriger template.
unknown_template.scxml:3:111 unknown_template courriel « nothing » : écrire le fichier mails/nothing.html.mustache, qui manque, ou corriger template.
unknown_value.scxml:3:5 unknown_value « _event.data.verdict » n’a jamais la valeur « maybe » : l’ajouter à ce qu’il peut valoir (no, yes), ou la corriger.
unreachable.scxml:5:3 unreachable aucun chemin ne mène à « alone » : y diriger une transition, ou supprimer l’état.
xml.scxml:3:3 xml XML mal formé : Tag mismatch in line 3 column 2.
)";

TEST(CheckRails, FindsNothingInTheRailsThatShip) {
  const auto catalog = Catalog::Load(DefinitionsDir().string());
  ASSERT_TRUE(catalog) << catalog.refusal().sentence;
  for (const auto& name : kRails) {
    const auto definition = catalog.value()->Newest(name);
    ASSERT_NE(definition, nullptr) << name;
    EXPECT_EQ(Told(CheckRails(*definition, catalog.value()->KitOf(name))), "");
  }
}

TEST(CheckRails, KnowsTheFormsThatARequestMaySpeakOf) {
  const auto chart = ReadChart(R"(<scxml xmlns="http://www.w3.org/2005/07/scxml"
      xmlns:aap="urn:aiguillage:aap:1" version="1.0" datamodel="ecmascript" initial="a">
    <state id="a"><transition event="x" target="end" aap:label="Remettre" aap:by="designer"
      aap:form="" aap:about="synopsys"/></state>
    <final id="end"/></scxml>)",
                               "x.scxml");
  ASSERT_TRUE(chart) << chart.refusal().sentence;
  Definition definition;
  definition.name = "x";
  definition.chart = *chart.value();
  EXPECT_NE(Told(CheckRails(definition, Kit{})).find("aap:about nomme le formulaire « synopsys »"),
            std::string::npos);
}

// « b » is first entered around « b2 », then by itself: its default « b1 » is reached all the same.
TEST(CheckRails, KnowsThatAStateReachedByAPartMayStillBeOpened) {
  const auto chart = ReadChart(R"(<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0"
      datamodel="ecmascript" initial="a">
    <state id="a"><transition event="y" target="b2"/><transition event="x" target="b"/></state>
    <state id="b" initial="b1"><state id="b1"><transition event="z" target="end"/></state>
      <state id="b2"><transition event="z" target="end"/></state></state>
    <state id="alone"><transition event="z" target="end"/></state>
    <final id="end"/></scxml>)",
                               "x.scxml");
  ASSERT_TRUE(chart) << chart.refusal().sentence;
  Definition definition;
  definition.name = "x";
  definition.chart = *chart.value();
  std::string unreachable;
  for (const auto& finding : CheckRails(definition, Kit{}))
    if (finding.code == "unreachable") unreachable += finding.message + "\n";
  EXPECT_NE(unreachable.find("« alone »"), std::string::npos) << unreachable;
  EXPECT_EQ(unreachable.find("« b1 »"), std::string::npos) << unreachable;
}

// One faulty document a code, tests/workflows/faulty/CODE.scxml, each wrong in that only.
TEST(CheckRails, SaysOfEachFaultyDocumentWhereAndHowToMendIt) {
  std::string told;
  for (const auto& name : FaultyNames()) {
    told += Told(CheckDefinitions((FaultyDir() / (name + ".scxml")).string()));
  }
  EXPECT_EQ(told, kTold);
}

// A code added to the check, to the reader or to the catalog comes with its faulty document.
TEST(CheckRails, HasAFaultyDocumentForEveryCodeInTheSource) {
  std::set<std::string> codes = {"xml"};
  const std::regex code(R"re((?:\bAdd\(|Problem\(|\{text->first,|\{path,)[^"]*?"([a-z_]+)",)re");
  for (const auto& entry : fs::directory_iterator(fs::path(AIGUILLAGE_SOURCE_DIR) / "workflows")) {
    const std::string file = entry.path().filename().string();
    const bool asked = file.starts_with("check") || file.starts_with("reader");
    if ((!asked && file != "catalog.cpp") || entry.path().extension() != ".cpp") continue;
    const std::string text = TextOf(entry.path());
    for (std::sregex_iterator at(text.begin(), text.end(), code), end; at != end; ++at) {
      codes.insert((*at)[1]);
    }
  }
  // A document of 60,001 states, folders without rails, and what only a changed file could give
  // after it was read well: no small document can be that.
  for (const char* not_a_document : {"too_many_states", "missing", "definitions", "chart"}) {
    codes.erase(not_a_document);
  }
  EXPECT_GT(codes.size(), 35U);
  EXPECT_EQ(codes, FaultyNames());
}

}  // namespace
}  // namespace aiguillage::workflows
