// What we render is what the Mustache library renders, byte for byte: random templates and views.
#include <gtest/gtest.h>

#include <kainjow/mustache.hpp>
#include <random>

#include "notifications/template.h"
#include "tests/support/seed.h"

namespace aiguillage::notifications {
namespace {

using Data = kainjow::mustache::data;

Data ToData(const View& view);

Data ToData(const View::Field& field) {
  switch (field.kind) {
    case View::Field::Kind::kText:
      return field.text.empty() ? Data(false) : Data(field.text);
    case View::Field::Kind::kFlag:
      return Data(field.flag);
    case View::Field::Kind::kView:
      return ToData(field.rows.front());
    case View::Field::Kind::kList:
      break;
  }
  Data list(Data::type::list);
  for (const View& row : field.rows) list.push_back(ToData(row));
  return list;
}

Data ToData(const View& view) {
  Data object(Data::type::object);
  for (const View::Field& field : view.fields()) object[field.name] = ToData(field);
  return object;
}

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : numbers_(seed) {}

  std::string Template(int depth) {
    std::string text;
    for (int pieces = Number(7); pieces > 0; --pieces) {
      const std::string name = Name();
      switch (Number(depth > 0 ? 6 : 3)) {
        case 0:
        case 1:
          text += OneOf({"mot", " ", "\t", "\n", "\n\n", "\r\n", " \n", "l’été & l'hiver"});
          break;
        case 2:
          text += "{{" + name + "}}";
          break;
        case 3:
          text += "{{^" + name + "}}" + Template(depth - 1) + "{{/" + name + "}}";
          break;
        default:
          text += "{{#" + name + "}}" + Template(depth - 1) + "{{/" + name + "}}";
      }
    }
    return text;
  }

  View AView(int depth) {
    View view;
    for (const char* name : {"a", "b", "c"}) {
      switch (Number(depth > 0 ? 6 : 4)) {
        case 0:
          break;  // not given
        case 1:
        case 2:
          view.Set(name, OneOf({"", "x", "<i>&\"'</i>", "deux\nlignes", " ", "{{a}}"}));
          break;
        case 3:
          view.Set(name, Number(2) == 0);
          break;
        case 4:
          view.Set(name, AView(depth - 1));
          break;
        default:
          view.SetList(name);
          for (int rows = Number(4); rows > 0; --rows) view.AddRow(name) = AView(depth - 1);
      }
    }
    return view;
  }

 private:
  int Number(int below) { return static_cast<int>(numbers_() % static_cast<unsigned>(below)); }
  std::string OneOf(const std::vector<std::string>& texts) {
    return texts[static_cast<std::size_t>(Number(static_cast<int>(texts.size())))];
  }
  std::string Name() { return OneOf({"a", "b", "c", "a.b", "b.c.a", "d"}); }

  std::mt19937_64 numbers_;
};

TEST(TemplateLibrary, RendersTheSameBytes) {
  const auto seed = test::Seed();
  int sections = 0;
  for (std::uint64_t round = 0; round < 5000; ++round) {
    Draw draw(seed + round);
    const std::string text = draw.Template(3);
    const View view = draw.AView(3);
    for (const std::string name : {"one.html", "one.txt"}) {
      kainjow::mustache::mustache library(text);
      ASSERT_TRUE(library.is_valid()) << text;
      if (name == "one.txt") library.set_custom_escape([](const std::string& s) { return s; });
      const auto set = TemplateSet::LoadTexts({{name, text}});
      ASSERT_TRUE(set) << set.refusal().sentence;
      ASSERT_EQ(set.value().Get(name).Render(view), library.render(ToData(view)))
          << "seed " << seed << ", round " << round << ", " << name << ": " << text;
    }
    if (text.find("{{#") != std::string::npos) ++sections;
  }
  EXPECT_GT(sections, 1000);
}

}  // namespace
}  // namespace aiguillage::notifications
