// What JSON cannot say survives all the same.
#include "engine/value.h"

#include <gtest/gtest.h>

#include <cmath>

namespace aiguillage::engine {
namespace {

using nlohmann::json;

std::string RoundTrip(const Value& value) {
  const std::string text = value.ToJson().dump();
  EXPECT_EQ(Value::FromJson(json::parse(text)), value) << text;
  return text;
}

TEST(Value, KeepsWhatJsonKnows) {
  EXPECT_EQ(RoundTrip(Value::FromPlain({{"a", {1, 2.5, "x", nullptr, true}}})),
            R"({"a":[1,2.5,"x",null,true]})");
}

TEST(Value, TagsWhatJsonDoesNotKnow) {
  EXPECT_EQ(RoundTrip(Value()), R"({"$":"undefined"})");
  EXPECT_EQ(RoundTrip(Value::Number(std::nan(""))), R"({"$":"number","value":"NaN"})");
  EXPECT_EQ(RoundTrip(Value::Number(-0.0)), R"({"$":"number","value":"-0"})");
  EXPECT_EQ(RoundTrip(Value::Number(-HUGE_VAL)), R"({"$":"number","value":"-Infinity"})");
  EXPECT_EQ(RoundTrip(Value::Function("x => x + y", {{"y", Value::Number(2)}})),
            R"({"$":"function","scope":[["y",2]],"source":"x => x + y"})");
  EXPECT_EQ(RoundTrip(Value::Xml("<a/>")), R"({"$":"xml","text":"<a/>"})");
  EXPECT_EQ(RoundTrip(Value::String("\xED\xA0\xBD")), R"({"$":"string","units":[55357]})");
  EXPECT_EQ(RoundTrip(Value::Array({Value::Hole(), Value()})),
            R"([{"$":"hole"},{"$":"undefined"}])");
}

TEST(Value, KeepsTheOrderOfKeys) {
  EXPECT_EQ(RoundTrip(Value::Object({{"b", Value::Number(1)}, {"a", Value::Number(2)}})),
            R"({"$":"object","entries":[["b",1],["a",2]]})");
}

TEST(Value, NeverTakesDataForATag) {
  const Value hostile = Value::FromPlain({{"$", "undefined"}});
  EXPECT_EQ(RoundTrip(hostile), R"({"$":"object","entries":[["$","undefined"]]})");
  EXPECT_EQ(hostile.Plain().dump(), R"({"$":"undefined"})");
}

TEST(Value, RefusesAnUnknownTag) {
  EXPECT_THROW((void)Value::FromJson({{"$", "date"}}), std::invalid_argument);
  EXPECT_THROW((void)Value::FromJson({{"$", "number"}}), std::invalid_argument);
  EXPECT_THROW((void)Value::FromJson({{"$", 3}}), std::invalid_argument);
  EXPECT_THROW((void)Value::FromJson({{"$", "string"}, {"units", {6e82}}}), std::invalid_argument);
}

}  // namespace
}  // namespace aiguillage::engine
