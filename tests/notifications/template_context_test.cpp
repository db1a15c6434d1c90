// A view is shown where it lies. The library's own way, a copy of the view in its own data, says
// what has to come out: both render random templates of random views, and agree.
#include <gtest/gtest.h>

#include <kainjow/mustache.hpp>
#include <random>

#include "notifications/template.h"
#include "tests/support/seed.h"

namespace aiguillage::notifications {
namespace {

namespace mustache = kainjow::mustache;

mustache::data CopyOf(const View& view);

mustache::data CopyOf(const View::Field& field) {
  switch (field.kind) {
    case View::Field::Kind::kText:
      return field.text.empty() ? mustache::data(false) : mustache::data(field.text);
    case View::Field::Kind::kFlag:
      return mustache::data(field.flag);
    case View::Field::Kind::kView:
      return CopyOf(field.rows.front());
    case View::Field::Kind::kList:
      break;
  }
  mustache::data list(mustache::data::type::list);
  for (const View& row : field.rows) list.push_back(CopyOf(row));
  return list;
}

mustache::data CopyOf(const View& view) {
  mustache::data object(mustache::data::type::object);
  for (const View::Field& field : view.fields()) object.set(field.name, CopyOf(field));
  return object;
}

class Drawn {
 public:
  explicit Drawn(std::uint64_t seed) : random_(seed) {}

  int Below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }
  std::string Name() { return std::string(1, static_cast<char>('a' + Below(6))); }

  View OneView(int depth) {
    View view;
    for (int fields = Below(6); fields > 0; --fields) {
      const std::string name = Name();
      switch (Below(depth > 0 ? 5 : 3)) {
        case 0:
          view.Set(name, Text());
          break;
        case 1:
          view.Set(name, Below(2) == 0);
          break;
        case 2:
          view.SetList(name);
          break;
        case 3:
          view.Set(name, OneView(depth - 1));
          break;
        default:
          for (int rows = Below(4); rows > 0; --rows) view.AddRow(name) = OneView(depth - 1);
      }
    }
    return view;
  }

  std::string Source(int depth) {
    std::string text;
    for (int parts = 1 + Below(5); parts > 0; --parts) {
      const std::string name = Below(5) == 0 ? Name() + "." + Name() : Name();
      switch (Below(depth > 0 ? 5 : 2)) {
        case 0:
          text += Below(2) == 0 ? " mot\n" : "<b>";
          break;
        case 1:
          text += "{{" + name + "}}";
          break;
        case 2:
          text += "{{^" + name + "}}" + Source(depth - 1) + "{{/" + name + "}}";
          break;
        default:
          text += "{{#" + name + "}}" + Source(depth - 1) + "{{/" + name + "}}";
      }
    }
    return text;
  }

 private:
  std::string Text() {
    const char* const texts[] = {"", "été", "<script>\"'&", "{{a}}",
                                 "un texte plus long que seize"};
    return texts[Below(5)];
  }
  std::mt19937_64 random_;
};

TEST(TemplateContext, ShowsWhatTheLibraryShowsOfACopy) {
  int shown = 0;
  for (int round = 0; round < 4000; ++round) {
    Drawn drawn(test::Seed() + static_cast<std::uint64_t>(round));
    const std::string source = drawn.Source(3);
    const View view = drawn.OneView(3);
    auto set = TemplateSet::LoadTexts({{"page.html", source}}, {});
    ASSERT_TRUE(set) << source << '\n' << set.refusal().sentence;
    const std::string expected = mustache::mustache(source).render(CopyOf(view));
    ASSERT_EQ(set.value().Get("page.html").Render(view), expected) << "round " << round << '\n'
                                                                   << source;
    if (expected.find("&lt;") != std::string::npos) ++shown;
  }
  EXPECT_GT(shown, 50);  // the views did show something of theirs
}

}  // namespace
}  // namespace aiguillage::notifications
