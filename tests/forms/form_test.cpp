// A wrong form is refused, saying where and what was expected; a right one is drawn.
#include "forms/form.h"

#include <gtest/gtest.h>

#include "forms/view.h"
#include "tests/forms/form_helpers.h"

namespace aiguillage::forms {
namespace {

using nlohmann::json;

std::string RefusalOf(const std::string& properties, const std::string& more = "") {
  const auto form = ParseForm(
      "x", R"({"title": "T", "type": "object", "properties": {)" + properties + "}" + more + "}",
      "x.json");
  return form ? "" : form.refusal().sentence;
}

TEST(ParseForm, SaysWhatWasExpectedAndWhere) {
  const std::string a = R"("a": {"type": "string", "title": "A", "maxLength": 5)";
  EXPECT_EQ(RefusalOf(a + "}"), "");
  EXPECT_EQ(RefusalOf(""), "x.json: attendu : au moins un champ dans « properties »");
  EXPECT_EQ(RefusalOf(R"("a": {"type": "string", "title": "A"})"),
            "x.json: /properties/a: il manque « maxLength »");
  EXPECT_EQ(RefusalOf(R"("a": {"type": "string", "maxLength": 5})"),
            "x.json: /properties/a: il manque « title », le libellé du champ");
  EXPECT_EQ(RefusalOf(a + R"(, "pattern": "^a+$"})"),
            "x.json: /properties/a: la clé « pattern » n’est pas connue ici");
  EXPECT_EQ(RefusalOf(a + R"(, "format": "ipv4"})"),
            "x.json: /properties/a: le format « ipv4 » n’existe pas");
  EXPECT_EQ(RefusalOf(a + R"(, "x-ui": {"widget": "slider"}})"),
            "x.json: /properties/a/x-ui: la présentation « slider » n’existe pas");
  EXPECT_EQ(RefusalOf(a + R"(, "x-ui": {"show_if": {"b": true}}})"),
            "x.json: /a: « show_if » nomme « b », absent à ce niveau");
  EXPECT_EQ(
      RefusalOf(a + R"(, "enum": ["x", "y"], "x-ui": {"options": {"x": "X"}}})"),
      "x.json: /properties/a: les valeurs de « options » et de « enum » doivent être les mêmes");
  EXPECT_EQ(RefusalOf(a + "}", R"(, "required": ["b"])"),
            "x.json: /required: « b » n’est pas un champ");
  EXPECT_EQ(
      RefusalOf(R"("a": {"$ref": "#/definitions/none"})"),
      "x.json: /properties/a: « #/definitions/none » ne désigne aucune définition du fichier");
  EXPECT_EQ(RefusalOf(a + "}", R"(, "x-computed": {"b": "secret + 1"})"),
            "x.json: /x-computed/b: « secret » n’est pas connu : seul « answers » l’est");
}

TEST(ParseForm, SaysTheLineOfBrokenJson) {
  const auto form = ParseForm("x", "{\n  \"title\": \"T\",\n  oops\n}", "x.json");
  ASSERT_FALSE(form);
  EXPECT_EQ(form.refusal().sentence, "x.json: ligne 3: ce n’est pas du JSON bien formé");
}

TEST(ParseForm, RefusesAnAbyss) {
  std::string text = R"({"title": "T", "type": "object", "properties": )";
  for (int i = 0; i < 5000; ++i) text += R"({"a": )";
  EXPECT_FALSE(ParseForm("x", text, "x.json"));
  EXPECT_FALSE(ParseForm("x", text + "1" + std::string(5000, '}') + "}", "x.json"));
}

Form Elaborate() {
  return ReadForm("sample", R"json({
    "title": "Essai", "type": "object", "required": ["kind"],
    "definitions": {"mark": {"type": "integer", "title": "Note", "minimum": 0, "maximum": 2,
                             "x-ui": {"widget": "radio", "options": {"0": "mal", "2": "bien"}}}},
    "properties": {
      "kind": {"type": "string", "title": "Genre", "enum": ["in", "out"],
               "x-ui": {"widget": "radio", "options": {"in": "Interne", "out": "Externe"}}},
      "due": {"type": "string", "title": "Pour le", "format": "date", "maxLength": 10,
              "x-ui": {"show_if": {"kind": "out"}}},
      "lines": {"type": "array", "title": "Lignes", "maxItems": 5, "x-ui": {"add": "Encore"},
                "items": {"type": "object", "required": ["cost"], "properties": {
                  "cost": {"type": "number", "title": "Coût", "x-ui": {"widget": "money"}}}}},
      "marks": {"type": "object", "title": "Notes", "x-ui": {"widget": "grid"}, "properties": {
        "need": {"type": "object", "title": "Besoin", "required": ["mark"],
                 "properties": {"mark": {"$ref": "#/definitions/mark"}}}}}
    },
    "x-computed": {"total": {"title": "Total", "expression": "answers.lines.length"}}
  })json");
}

// A tree as text: indentation, widget, name = value | display ! error.
std::string Drawn(const std::vector<FieldView>& fields, const std::string& margin = "") {
  std::string out;
  for (const auto& f : fields) {
    out += margin + f.widget + " " + f.name + " [" + f.label + (f.required ? "*" : "") + "]";
    if (!f.value.empty()) out += " = " + f.value;
    if (!f.display.empty() && f.display != f.value) out += " | " + f.display;
    for (const auto& option : f.options)
      if (option.selected) out += " (" + option.label + ")";
    if (f.hidden) out += " hidden until " + f.show_if_field + "=" + f.show_if_value;
    if (!f.error.empty()) out += " ! " + f.error;
    out += "\n" + Drawn(f.children, margin + "  ");
  }
  return out;
}

TEST(EditView, IsTheFormWithWhatWasTypedAndWhatIsWrong) {
  const Form form = Elaborate();
  const json answers = {{"kind", "in"},
                        {"lines", {{{"cost", 1200.5}}, {{"cost", "x"}}}},
                        {"marks", {{"need", {{"mark", 2}}}}}};
  const FormView view = EditView(form, answers, Validate(form, answers));
  EXPECT_EQ(Drawn(view.fields),
            "radio kind [Genre*] = in | Interne (Interne)\n"
            "date due [Pour le] hidden until kind=out\n"
            "table lines [Lignes]\n"
            "  row lines.0 [1]\n"
            "    money lines.0.cost [Coût*] = 1200.5 | 1\u202f200,5\u202f€\n"
            "  row lines.1 [2]\n"
            "    money lines.1.cost [Coût*] = x ! Entrez un nombre.\n"
            "  row lines.2 [3]\n"
            "    money lines.2.cost [Coût*]\n"
            "grid marks [Notes]\n"
            "  row marks.need [Besoin]\n"
            "    radio marks.need.mark [Note*] = 2 | bien (bien)\n");
  ASSERT_EQ(view.errors.size(), 1u);
  EXPECT_EQ(view.errors[0].field_id, "f-lines-1-cost");
  EXPECT_EQ(view.errors[0].label, "Lignes, ligne 2 – Coût");
  EXPECT_EQ(view.fields[3].columns, std::vector<std::string>{"Note"});
}

TEST(EditView, AHeadingIsAWordBetweenFieldsAndNeverAnAnswer) {
  const Form form = ReadForm("x", R"json({"title": "T", "type": "object", "properties": {
      "h_need": {"title": "Le besoin", "x-ui": {"widget": "heading"}},
      "need": {"type": "string", "title": "Besoin", "maxLength": 5}}})json");
  EXPECT_EQ(Drawn(EditView(form, {{"need", "a"}}, {}).fields),
            "heading h_need [Le besoin]\ntext need [Besoin] = a\n");
  EXPECT_EQ(Told(Validate(form, {{"need", "a"}})), "");
  EXPECT_EQ(Told(Validate(form, {{"h_need", "a"}})), ": Champ inconnu : « h_need ».\n");
  EXPECT_NE(RefusalOf(R"("h": {"title": "H", "x-ui": {"widget": "heading", "rows": 2}})"), "");
}

TEST(ReadView, ReadsAsPeopleDo) {
  const json answers = {
      {"kind", "out"}, {"due", "2027-05-01"}, {"lines", {{{"cost", 0.5}}}}, {"total", 1}};
  EXPECT_EQ(Drawn(ReadView(Elaborate(), answers).fields),
            "radio kind [Genre*] = out | Externe (Externe)\n"
            "date due [Pour le] = 2027-05-01 | 1er mai 2027\n"
            "table lines [Lignes]\n"
            "  row lines.0 [1]\n"
            "    money lines.0.cost [Coût*] = 0.5 | 0,5\u202f€\n"
            "grid marks [Notes]\n"
            "  row marks.need [Besoin]\n"
            "    radio marks.need.mark [Note*]\n"
            "computed total [Total] | 1\n");
}

TEST(BlankView, HasRowsToFillIn) {
  const FormView view = BlankView(Elaborate(), 3);
  EXPECT_EQ(view.fields[2].children.size(), 3u);
  EXPECT_EQ(view.fields[2].add, "Encore");
}

TEST(Items, AreWhatAMailMayTell) {
  const json answers = {{"kind", "out"}, {"due", "2027-05-12"}, {"lines", {{{"cost", 0.5}}}}};
  std::string told;
  for (const auto& [label, value] : Items(Elaborate(), answers)) told += label + "=" + value + ";";
  EXPECT_EQ(told, "Genre=Externe;Pour le=12 mai 2027;");
  Form secret = Elaborate();
  secret.is_public = false;
  EXPECT_TRUE(Items(secret, answers).empty());
}

}  // namespace
}  // namespace aiguillage::forms
