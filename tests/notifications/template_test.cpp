#include "notifications/template.h"

#include <gtest/gtest.h>

#include <thread>

namespace aiguillage::notifications {
namespace {

using Texts = std::map<std::string, std::string>;

std::string RenderOne(const Texts& texts, const std::string& name, const View& view,
                      const TemplateOptions& options = {}) {
  const auto set = TemplateSet::LoadTexts(texts, options);
  if (!set) return "refused: " + set.refusal().sentence;
  return set.value().Get(name).Render(view);
}

std::string RefusalOf(const Texts& texts, const TemplateOptions& options = {}) {
  const auto set = TemplateSet::LoadTexts(texts, options);
  return set ? "accepted" : set.refusal().sentence;
}

TEST(Template, EscapesInHtmlAndLeavesPlainTextAlone) {
  View view;
  view.Set("title", "<b>L'IA & \"moi\"</b>");
  const Texts texts{{"a.html", "<p title=\"{{title}}\">{{title}}</p>"},
                    {"a.txt", "{{title}}"},
                    {"a.subject", "{{title}}"}};
  const std::string escaped = "&lt;b&gt;L&apos;IA &amp; &quot;moi&quot;&lt;/b&gt;";
  EXPECT_EQ(RenderOne(texts, "a.html", view), "<p title=\"" + escaped + "\">" + escaped + "</p>");
  EXPECT_EQ(RenderOne(texts, "a.txt", view), "<b>L'IA & \"moi\"</b>");
  EXPECT_EQ(RenderOne(texts, "a.subject", view), "<b>L'IA & \"moi\"</b>");
}

TEST(Template, ShowsRowsFlagsAndNestedViews) {
  View view;
  view.AddRow("tasks").Set("label", "Valider").Set("late", true);
  view.AddRow("tasks").Set("label", "Relire").Set("late", false);
  View holder;
  holder.Set("name", "Élodie");
  view.Set("holder", std::move(holder)).Set("reason", "").SetList("mails");
  EXPECT_EQ(
      RenderOne(
          {{"a.txt",
            "{{#tasks}}\n- {{label}}{{#late}} (en retard){{/late}}\n{{/tasks}}\n"
            "{{holder.name}}{{#reason}} motif{{/reason}}{{^mails}} sans courriel{{/mails}}\n"}},
          "a.txt", view),
      "- Valider (en retard)\n- Relire\nÉlodie sans courriel\n");
}

TEST(Template, FirstRowsStayWhereTheyAreWhileTheListGrows) {
  View view;
  View& first = view.AddRow("rows");
  for (int i = 0; i < 1000; ++i) view.AddRow("rows").Set("x", "b");
  first.Set("x", "a");
  EXPECT_EQ(RenderOne({{"a.txt", "{{#rows}}{{x}}{{/rows}}"}}, "a.txt", view),
            "a" + std::string(1000, 'b'));
}

TEST(Template, FramesAndInclusionsAreExpandedAtLoad) {
  const Texts texts{{"_layout.html", "<main>\n{{> body}}\n</main>\n{{> _foot}}\n"},
                    {"_foot.html", "<footer>{{who}}</footer>\n"},
                    {"a.html", "{{! said to nobody }}\n<h1>{{title}}</h1>\n"},
                    {"a.txt", "{{title}}\n"}};
  View view;
  view.Set("title", "T").Set("who", "W");
  const TemplateOptions framed{"_layout"};
  EXPECT_EQ(RenderOne(texts, "a.html", view, framed),
            "<main>\n<h1>T</h1>\n</main>\n<footer>W</footer>\n");
  EXPECT_EQ(RenderOne(texts, "a.txt", view, framed), "T\n");
  const auto set = TemplateSet::LoadTexts(texts, framed);
  EXPECT_FALSE(set.value().Has("_foot.html"));
}

TEST(Template, NoTextOfAUserIsEverATemplate) {
  View view;
  view.Set("title", "{{secret}}{{> _row}}{{#a}}").Set("secret", "42").Set("_row", "{{secret}}");
  EXPECT_EQ(RenderOne({{"a.txt", "[{{title}}]\n{{> _row}}"}, {"_row.txt", "row"}}, "a.txt", view),
            "[{{secret}}{{> _row}}{{#a}}]\nrow");
}

TEST(Template, RefusesWhatTheLibraryWouldSwallow) {
  EXPECT_EQ(RefusalOf({{"a.html", "one\n{{{x}}}"}}),
            "a.html.mustache:2 : une valeur s’écrit {{nom}} : la sortie brute n’est pas admise");
  EXPECT_EQ(RefusalOf({{"a.txt", "{{& x}}"}}),
            "a.txt.mustache:1 : une valeur s’écrit {{nom}} : la sortie brute n’est pas admise");
  EXPECT_EQ(RefusalOf({{"a.txt", "{{=<% %>=}}"}}),
            "a.txt.mustache:1 : le changement de délimiteurs n’est pas admis");
  EXPECT_EQ(RefusalOf({{"a.txt", "\n\n{{#x}}"}}), "a.txt.mustache:3 : section « x » non fermée");
  EXPECT_EQ(RefusalOf({{"a.txt", "{{#x}}{{/y}}"}}),
            "a.txt.mustache:1 : {{/y}} : la section ouverte est « x »");
  EXPECT_EQ(RefusalOf({{"a.txt", "{{/y}}"}}), "a.txt.mustache:1 : {{/y}} ne ferme aucune section");
  EXPECT_EQ(RefusalOf({{"a.txt", "a {{x"}}), "a.txt.mustache:1 : balise jamais fermée");
  EXPECT_EQ(RefusalOf({{"a.txt", "{{}}"}}), "a.txt.mustache:1 : balise vide");
  EXPECT_EQ(RefusalOf({{"a.txt", "{{a b}}"}}),
            "a.txt.mustache:1 : « a b » n’est pas un nom (lettres, chiffres, « _ » et points)");
}

TEST(Template, RefusesInclusionsThatCannotEnd) {
  EXPECT_EQ(RefusalOf({{"a.txt", "\n{{> _nowhere}}"}}),
            "a.txt.mustache:2 : {{> _nowhere}} : « _nowhere.txt.mustache » n’existe pas");
  EXPECT_EQ(RefusalOf({{"a.txt", "{{> _a}}"}, {"_a.txt", "{{> _b}}"}, {"_b.txt", "{{> _a}}"}}),
            "_b.txt.mustache:1 : {{> _a}} : s’inclut soi-même");
  Texts deep{{"a.txt", "{{> _1}}"}};
  for (int i = 1; i < 40; ++i) {
    deep["_" + std::to_string(i) + ".txt"] = "{{> _" + std::to_string(i + 1) + "}}";
  }
  EXPECT_NE(RefusalOf(deep).find("inclusions trop profondes"), std::string::npos);
}

TEST(Template, RefusesValuesWhereEscapingDoesNotHold) {
  const auto why = [](const std::string& html) { return RefusalOf({{"a.html", html}}); };
  EXPECT_EQ(why("<a href={{x}}>"),
            "a.html.mustache:1 : {{x}} : l’attribut « href » doit avoir des guillemets autour de "
            "sa valeur");
  EXPECT_EQ(why("<a onclick=\"f('{{x}}')\"></a>"),
            "a.html.mustache:1 : {{x}} : l’attribut « onclick » ne peut pas contenir de valeur");
  EXPECT_EQ(why("<script>var x = '{{x}}'</script>"),
            "a.html.mustache:1 : {{x}} : aucune valeur dans <script>");
  EXPECT_EQ(why("<!-- {{x}} -->"),
            "a.html.mustache:1 : {{x}} : aucune valeur dans un commentaire HTML");
  EXPECT_NE(why("<{{x}}>"), "accepted");
  EXPECT_NE(why("<p {{x}}>"), "accepted");
  EXPECT_NE(why("<p class=\"a\""), "accepted");
  EXPECT_EQ(why("<!doctype html><option {{#on}}selected{{/on}} value='{{x}}'>1 < 2 {{x}}</option>"
                "<script src=\"/a.js\"></script><b>{{x}}</b>"),
            "accepted");
}

TEST(Template, TellsTheNamesItUsesAndThoseAViewForgets) {
  const auto set = TemplateSet::LoadTexts(
      {{"a.txt",
        "{{title}}{{#rows}}{{label}}{{number}}{{/rows}}{{^rows}}{{none}}{{/rows}}"
        "{{holder.name}}"}});
  const Template& one = set.value().Get("a.txt");
  EXPECT_EQ(one.Names(), (std::vector<std::string>{"holder.name", "rows", "rows/label", "rows/none",
                                                   "rows/number", "title"}));
  View view;
  view.Set("number", "AIG-2026-0042").Set("none", "rien");
  view.AddRow("rows").Set("label", "x");
  view.AddRow("rows");
  EXPECT_EQ(one.Missing(view), (std::vector<std::string>{"holder.name", "rows/label", "title"}));
}

TEST(Template, ManyThreadsShareASet) {
  const auto set = TemplateSet::LoadTexts({{"a.html", "{{#rows}}<b>{{x}}</b>{{/rows}}"}});
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      View view;
      view.AddRow("rows").Set("x", "<");
      for (int i = 0; i < 200; ++i) {
        EXPECT_EQ(set.value().Get("a.html").Render(view), "<b>&lt;</b>");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace aiguillage::notifications
