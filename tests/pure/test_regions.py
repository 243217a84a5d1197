"""Regions: a tree without holes, found again by any of its names, and read out of what people paste."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongshang.trade.regions import areas
from tongshang.trade.regions.pasted import Pasted, read

CODES = sorted(areas.known())


def test_the_list_is_a_tree_without_holes() -> None:
    assert len(areas.below()[""]) == 34  # 23 provinces, 5 autonomous regions, 4 municipalities, 2 special regions
    for code in CODES:
        assert areas.parent(code) in areas.known() or code.endswith("0000")
    assert areas.path("330106") == ["浙江省", "杭州市", "西湖区"]


@given(st.sampled_from(CODES))
def test_every_area_is_found_by_its_names(code: str) -> None:
    names = areas.path(code)
    assert areas.path(areas.locate(names)[-1]) == names


@pytest.mark.parametrize(
    ("names", "codes"),
    [
        (["浙江", "杭州", "西湖"], ["330000", "330100", "330106"]),
        (["北京市", "北京市", "朝阳区"], ["110000", "110100", "110105"]),
        (["北京市", "朝阳区"], ["110000", "110100", "110105"]),
        (["内蒙古", "呼和浩特", "新城区"], ["150000", "150100", "150102"]),
        (["湖北省", "襄樊市"], ["420000", "420600"]),
        (["浙江省", "新名市", "西湖区"], ["330000", "330100", "330106"]),  # a renamed city: the district tells
        (["浙江省", "杭州市", "无名区"], ["330000", "330100"]),
        (["香港", "九龙"], ["810000", "810200"]),
        (["某国", "某州"], []),
        ([], []),
    ],
)
def test_a_region_is_known_as_far_as_its_names_are(names: list[str], codes: list[str]) -> None:
    assert areas.locate(names) == codes


@pytest.mark.parametrize(
    ("text", "name", "phone", "region", "detail"),
    [
        ("张三 13812345678 浙江省杭州市西湖区文三路 90 号", "张三", "13812345678",
         "浙江省 杭州市 西湖区", "文三路90号"),
        ("浙江省杭州市西湖区文三路90号东部软件园1幢501室，张三，138 1234 5678", "张三", "13812345678",
         "浙江省 杭州市 西湖区", "文三路90号东部软件园1幢501室"),
        ("收货人：李四\n手机号码：+86 139-1234-5678\n所在地区：北京市朝阳区\n详细地址：建国路88号",
         "李四", "13912345678", "北京市 北京市 朝阳区", "建国路88号"),
        ("王小明先生 13512345678 广东深圳南山科技园南区", "王小明", "13512345678",
         "广东省 深圳市 南山区", "科技园南区"),
        ("杭州市西湖区文三路90号 赵六 13712345678", "赵六", "13712345678", "浙江省 杭州市 西湖区", "文三路90号"),
        ("欧阳娜娜,15912345678,内蒙古自治区 呼和浩特市 新城区,海东路1号,010000", "欧阳娜娜", "15912345678",
         "内蒙古自治区 呼和浩特市 新城区", "海东路1号"),
        ("上海市浦东新区世纪大道100号 孙七 18612345678", "孙七", "18612345678",
         "上海市 上海市 浦东新区", "世纪大道100号"),
        ("吉林省吉林市昌邑区解放路3号 周八 18812345678", "周八", "18812345678", "吉林省 吉林市 昌邑区", "解放路3号"),
        ("东莞市虎门镇银龙路2号 吴九 17712345678", "吴九", "17712345678", "广东省 东莞市 虎门镇", "银龙路2号"),
        ("随便写的东西", "随便写的东西", "", "", ""),
        ("", "", "", "", ""),
    ],
)  # fmt: skip
def test_a_pasted_address_is_taken_apart(text: str, name: str, phone: str, region: str, detail: str) -> None:
    assert read(text) == Pasted(name, phone, region.split(), detail)


@given(st.text(max_size=500))
def test_anything_can_be_pasted(text: str) -> None:
    made = read(text)
    assert len(made.detail) <= 100
    assert len(made.region) <= 3
