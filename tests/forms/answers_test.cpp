// From what a browser posts to answers; and what hostile posts get.
#include "forms/answers.h"

#include <gtest/gtest.h>

#include "tests/forms/form_helpers.h"

namespace aiguillage::forms {
namespace {

using nlohmann::json;

Form Sample() {
  return ReadForm("sample", R"json({
    "title": "Essai", "type": "object", "required": ["title"],
    "properties": {
      "title": {"type": "string", "title": "Titre", "maxLength": 20},
      "size": {"type": "integer", "title": "Taille"},
      "cost": {"type": "number", "title": "Coût", "x-ui": {"widget": "money"}},
      "mixed": {"type": "boolean", "title": "Mixte"},
      "why": {"type": "string", "title": "Pourquoi", "maxLength": 100,
              "x-ui": {"show_if": {"mixed": true}, "required": true}},
      "who": {"type": "array", "title": "Qui", "maxItems": 3,
              "items": {"type": "string", "format": "email", "maxLength": 254},
              "x-ui": {"widget": "people"}},
      "tags": {"type": "array", "title": "Mots", "maxItems": 5,
               "items": {"type": "string", "maxLength": 30}},
      "lines": {"type": "array", "title": "Lignes", "maxItems": 500,
                "items": {"type": "object", "required": ["what"], "properties": {
                  "what": {"type": "string", "title": "Quoi", "maxLength": 50},
                  "amount": {"type": "number", "title": "Montant"}}}}
    }})json");
}

json From(const Posted& posted) {
  const auto answers = AnswersFrom(Sample(), posted);
  if (!answers) ADD_FAILURE() << answers.refusal().sentence;
  return answers ? answers.value() : json();
}

std::string RefusalOf(const Posted& posted) {
  const auto answers = AnswersFrom(Sample(), posted);
  return answers ? "" : answers.refusal().sentence;
}

TEST(Answers, AreTypedByTheForm) {
  EXPECT_EQ(From({{"title", "  Écrire\r\nclair \u00a0"},
                  {"size", "1 200"},
                  {"cost", "1\u202f200,50 €"},
                  {"mixed", "on"},
                  {"why", "parce que"},
                  {"csrf", "ignored"}}),
            (json{{"title", "Écrire\nclair"},
                  {"size", 1200},
                  {"cost", 1200.5},
                  {"mixed", true},
                  {"why", "parce que"}}));
}

TEST(Answers, EmptyOnesAreAbsentAndBlankRowsAreDropped) {
  EXPECT_EQ(From({{"title", "   "},
                  {"lines.0.what", ""},
                  {"lines.0.amount", ""},
                  {"lines.7.what", "Conception"},
                  {"lines.7.amount", "3,5"}}),
            (json{{"lines", {{{"what", "Conception"}, {"amount", 3.5}}}}}));
}

TEST(Answers, PeopleAreSplitAndWrittenSmallTagsAreOneALine) {
  EXPECT_EQ(From({{"who", "Anne.Roy@exemple.invalid, b@exemple.invalid\nc@exemple.invalid"},
                  {"tags", "écrire\r\n\r\nclair et court"}}),
            (json{{"who", {"anne.roy@exemple.invalid", "b@exemple.invalid", "c@exemple.invalid"}},
                  {"tags", {"écrire", "clair et court"}}}));
}

TEST(Answers, WhatIsHiddenIsNotKept) {
  EXPECT_EQ(From({{"mixed", "false"}, {"why", "left over"}}), (json{{"mixed", false}}));
}

TEST(Answers, OfTheWrongTypeStayAsTyped) {
  EXPECT_EQ(From({{"size", "douze"}, {"cost", "1e400"}, {"mixed", "peut-être"}}),
            (json{{"size", "douze"}, {"cost", "1e400"}, {"mixed", "peut-être"}}));
  EXPECT_EQ(From({{"size", "3,5"}}), (json{{"size", "3,5"}}));
  EXPECT_EQ(From({{"cost", "nan"}}), (json{{"cost", "nan"}}));
}

TEST(Answers, RefuseWhatNobodyTypes) {
  EXPECT_EQ(RefusalOf({{"title", std::string("a\0b", 3)}}),
            "Une réponse contient des caractères illisibles.");
  EXPECT_EQ(RefusalOf({{"title", "\xC3\x28"}}), "Une réponse contient des caractères illisibles.");
  EXPECT_EQ(RefusalOf({{"title", "\xED\xA0\x80"}}),
            "Une réponse contient des caractères illisibles.");
  EXPECT_EQ(RefusalOf({{"title", std::string(250 * 1024, 'x')}}), "Une réponse est trop longue.");
  EXPECT_EQ(RefusalOf({{"lines.501.what", "x"}}), "Un tableau a trop de lignes.");
  EXPECT_EQ(RefusalOf({{"lines.99999999999999999999.what", "x"}}), "");
  std::string deep = "lines";
  for (int i = 0; i < 64; ++i) deep += ".0";
  EXPECT_EQ(RefusalOf({{deep, "x"}}), "Un nom de champ a trop de niveaux.");
}

std::string Nested(int levels, const std::string& open, const std::string& close) {
  std::string text;
  for (int i = 0; i < levels; ++i) text += open;
  text += "1";
  for (int i = 0; i < levels; ++i) text += close;
  return text;
}

TEST(Answers, FromJsonHaveSixtyFourLevelsAtMost) {
  EXPECT_TRUE(AnswersFromJson(R"({"a": [1, {"b": "c"}]})"));
  EXPECT_TRUE(AnswersFromJson(Nested(63, R"({"a":)", "}")));
  for (const int levels : {65, 66, 200, 200'000}) {
    const auto answers = AnswersFromJson(Nested(levels, R"({"a":)", "}"));
    ASSERT_FALSE(answers) << levels;
    const auto lists = AnswersFromJson(R"({"a":)" + Nested(levels, "[", "]") + "}");
    ASSERT_FALSE(lists) << levels;
    EXPECT_EQ(lists.refusal().sentence, "Les réponses ont trop de niveaux.");
  }
}

TEST(Answers, FromJsonAreAnObjectOfReadableText) {
  for (const char* text : {"", "[]", "1", "{", R"({"a": "\u0000"})", "{\"a\": \"\xC3\x28\"}",
                           R"({"a": 1} {"b": 2})", R"({"a": NaN})"})
    EXPECT_FALSE(AnswersFromJson(text)) << text;
}

TEST(Validate, SaysBesideEachFieldHowToMendIt) {
  const json answers = {{"title", "Un titre beaucoup trop long"},
                        {"size", "douze"},
                        {"mixed", true},
                        {"who", {"anne.roy@exemple.invalid", "pas-une-adresse"}},
                        {"lines", {{{"what", "x"}}, {{"amount", "y"}}}},
                        {"colour", "bleu"}};
  EXPECT_EQ(Told(Validate(Sample(), answers)),
            "title: Raccourcissez ce texte : 20 caractères au plus.\n"
            "size: Entrez un nombre entier.\n"
            "why: Ce champ est à remplir.\n"
            "who: « pas-une-adresse » : Entrez une adresse électronique, comme "
            "prenom.nom@administration.gouv.fr.\n"
            "lines.1.what: Ce champ est à remplir.\n"
            "lines.1.amount: Entrez un nombre.\n"
            ": Champ inconnu : « colour ».\n");
}

TEST(Validate, CountsCharactersNotBytes) {
  EXPECT_EQ(Told(Validate(Sample(), {{"title", "éééééééééééééééééééé"}})), "");
}

TEST(Validate, KnowsWhatCannotHaveHappenedYet) {
  const auto form = ParseForm(
      "x",
      R"({"title": "T", "type": "object", "properties": {"on": {"type": "string", "title": "Le",
          "format": "date", "maxLength": 10, "x-ui": {"latest": "today"}}}})",
      "x.json");
  ASSERT_TRUE(form) << form.refusal().sentence;
  const auto said = [&](const char* date, const char* today) {
    const auto errors = Validate(form.value(), {{"on", date}}, today);
    return errors.empty() ? "" : errors.front().sentence;
  };
  EXPECT_EQ(said("2026-11-27", "2026-11-27"), "");
  EXPECT_EQ(said("2026-11-28", "2026-11-27"),
            "Cette date n’est pas encore venue : indiquez aujourd’hui ou un jour passé.");
  EXPECT_EQ(said("2026-11-28", ""), "");
  EXPECT_FALSE(ParseForm("x",
                         R"({"title": "T", "type": "object", "properties": {"a": {"type": "string",
                             "title": "A", "maxLength": 5, "x-ui": {"latest": "today"}}}})",
                         "x.json"))
      << "on a date only";
}

TEST(Validate, KnowsItsOwnFormats) {
  const std::vector<std::array<std::string, 3>> cases = {
      {"email", "a@b.fr", "a@b"},
      {"email", "prenom.nom+x@sous.domaine.gouv.fr", "a@b.fr\r\nBcc: c@d.fr"},
      {"email", "a_b@x-y.fr", "a..b@x.fr"},
      {"email", "a@b.fr", "a b@c.fr"},
      {"email", "a@b.fr", "a@b.fr@c.fr"},
      {"email", "a@b.fr", std::string(250 * 1024, 'a') + "@b.fr"},
      {"siret", "00000000000018", "00000000000017"},
      {"siret", "356 000 000 00048", "1234567890123"},
      {"phone", "+33 1 23 45 67 89", "12"},
      {"phone", "01.23.45.67.89", "01 23 45 67 89 poste 4"},
      {"url", "https://mentor.gouv.fr/a?b=c#d", "javascript:alert(1)"},
      {"url", "http://127.0.0.1:8080/cours", "https://evil.fr\" onclick=x"},
      {"url", "https://a.fr", "https://user@a.fr/"},
      {"url", "https://a.fr", "https:///a"},
      {"date", "2028-02-29", "2027-02-29"},
      {"date", "2027-12-31", "12/05/2027"},
      {"date", "2027-01-01", "2027-13-01"},
  };
  for (const auto& [format, good, bad] : cases) {
    EXPECT_EQ(FormatError(format, good), "") << good;
    EXPECT_NE(FormatError(format, bad), "") << bad.substr(0, 60);
  }
}

}  // namespace
}  // namespace aiguillage::forms
